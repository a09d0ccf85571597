/* samples.c: see the header. */
#include "app/study/samples.h"

#include "app/jobs/pictures.h"
#include "app/project/groups.h"
#include "app/study/csv.h"
#include "base/file.h"
#include "base/natural.h"
#include "base/path.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* They come by thousands, or there are few. */
#define STRINGS_BYTES 4096
#define BLOCK 128 /* samples */

G_DEFINE_QUARK (hf_samples_error_quark, hf_samples_error)

void
hf_sample_class_free (HfSampleClass *self)
{
  g_free (self->name);
  g_free (self);
}

HfSamples *
hf_samples_new (void)
{
  HfSamples *self = g_new0 (HfSamples, 1);

  self->classes =
      g_ptr_array_new_with_free_func ((GDestroyNotify) hf_sample_class_free);
  self->samples = g_ptr_array_new ();
  self->blocks = g_ptr_array_new_with_free_func (g_free);
  self->refusals = hf_refusals_new ();
  self->links = g_ptr_array_new_with_free_func (g_free);
  self->strings = g_string_chunk_new (STRINGS_BYTES);
  return self;
}

void
hf_samples_free (HfSamples *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->classes);
  g_ptr_array_unref (self->samples);
  g_ptr_array_unref (self->blocks);
  g_ptr_array_unref (self->refusals);
  g_ptr_array_unref (self->links);
  g_string_chunk_free (self->strings);
  if (self->owner != NULL)
    self->free_owner (self->owner);
  g_free (self);
}

HfSampleClass *
hf_sample_class_dup (const HfSampleClass *self)
{
  HfSampleClass *copy = g_memdup2 (self, sizeof *self);

  copy->name = g_strdup (self->name);
  return copy;
}

gboolean
hf_sample_classes_have_good (const GPtrArray *classes)
{
  for (guint c = 0; c < classes->len; c++)
    if (((const HfSampleClass *) classes->pdata[c])->kind == HF_CLASS_GOOD)
      return TRUE;
  return FALSE;
}

HfSampleClass *
hf_sample_classes_find (const GPtrArray *classes, const char *name)
{
  for (guint c = 0; c < classes->len; c++)
    if (g_str_equal (((HfSampleClass *) classes->pdata[c])->name, name))
      return classes->pdata[c];
  return NULL;
}

static void
append_names (GString *names, const GPtrArray *classes)
{
  for (guint c = 0; c < classes->len; c++)
    g_string_append_printf (names, "%s\"%s\"", names->len > 0 ? ", " : "",
                            ((HfSampleClass *) classes->pdata[c])->name);
}

gboolean
hf_sample_classes_set_good (const GPtrArray *classes, const char *good,
                            const GPtrArray *others, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  if (hf_sample_classes_find (classes, good) == NULL &&
      (others == NULL || hf_sample_classes_find (others, good) == NULL)) {
    append_names (names, classes);
    g_set_error (
        error, HF_SAMPLES_ERROR, HF_SAMPLES_ERROR_CLASS,
        _("There is no class \"%s\" that could be the good one; there "
                   "are %s."),
           good, names->str);
    return FALSE;
  }
  for (guint c = 0; c < classes->len; c++) {
    HfSampleClass *class = classes->pdata[c];

    class->kind =
        g_str_equal (class->name, good) ? HF_CLASS_GOOD : HF_CLASS_DEFECT;
  }
  return TRUE;
}

int
hf_samples_add_class (HfSamples *self, const char *name, HfClassKind kind)
{
  HfSampleClass *class;

  for (guint i = 0; i < self->classes->len; i++) {
    class = self->classes->pdata[i];
    if (g_str_equal (class->name, name))
      return (int) i;
  }
  class = g_new0 (HfSampleClass, 1);
  class->name = g_strdup (name);
  class->kind = kind;
  g_ptr_array_add (self->classes, class);
  return (int) self->classes->len - 1;
}

HfSample *
hf_samples_add_owned (HfSamples *self, const char *path, int label,
                      const char *group)
{
  guint n = self->samples->len;
  HfSample *sample;

  if (n % BLOCK == 0)
    g_ptr_array_add (self->blocks, g_new0 (HfSample, BLOCK));
  sample = (HfSample *) self->blocks->pdata[n / BLOCK] + n % BLOCK;
  sample->path = path;
  sample->label = label;
  sample->group = group;
  g_ptr_array_add (self->samples, sample);
  return sample;
}

HfSample *
hf_samples_add (HfSamples *self, const char *path, int label, const char *group)
{
  return hf_samples_add_owned (
      self, g_string_chunk_insert (self->strings, path), label,
      group != NULL ? g_string_chunk_insert_const (self->strings, group)
                    : NULL);
}

void
hf_samples_take_owner (HfSamples *self, gpointer owner,
                       GDestroyNotify free_owner)
{
  g_return_if_fail (self->owner == NULL);

  self->owner = owner;
  self->free_owner = free_owner;
}

static int
compare_samples (gconstpointer a, gconstpointer b)
{
  const HfSample *const *left = a, *const *right = b;

  return strcmp ((*left)->path, (*right)->path);
}

/* The names of the folders in @path that are not hidden, and of the others. */
static gboolean
list_folder (const char *path, GPtrArray *folders, GPtrArray *files,
             GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, error);
  const char *name;

  if (dir == NULL)
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    if (name[0] != '.')
      g_ptr_array_add (g_file_test (child, G_FILE_TEST_IS_DIR) ? folders
                                                               : files,
                       g_strdup (name));
  }
  g_ptr_array_sort (folders, hf_natural_compare_items);
  g_ptr_array_sort (files, hf_natural_compare_items);
  return TRUE;
}

/* The group of a picture by the rule, which sees the name of the folder that
 * was loaded and what is below it, and nothing above. */
static char *
dup_group (const HfGroupRule *rule, const char *root, const char *path)
{
  g_autofree char *base = g_path_get_basename (root);
  g_autofree char *inside = NULL;
  const char *below = hf_path_get_below (path, root);

  if (below == NULL)
    return hf_group_rule_dup_group (rule, path);
  inside = g_build_filename (base, below, NULL);
  return hf_group_rule_dup_group (rule, inside);
}

static void
take_refusals (HfSamples *self, const HfPictures *pictures)
{
  const GPtrArray *refusals = hf_pictures_get_refusals (pictures);

  for (guint i = 0; i < refusals->len; i++) {
    const HfRefusal *refusal = refusals->pdata[i];

    hf_refusals_add (self->refusals, refusal->path, refusal->reason);
  }
}

static void
take_links (HfSamples *self, const HfPictures *pictures)
{
  const GPtrArray *links = hf_pictures_get_links (pictures);

  for (guint i = 0; i < links->len; i++)
    g_ptr_array_add (self->links, g_strdup (links->pdata[i]));
}

static gboolean
add_class_folder (HfSamples *self, const char *root, const char *name,
                  const HfGroupRule *rule, GError **error)
{
  g_autoptr (HfPictures) pictures = hf_pictures_new ();
  g_autofree char *folder = g_build_filename (root, name, NULL);
  int label = hf_samples_add_class (self, name, HF_CLASS_OTHER);

  if (!hf_pictures_add (pictures, folder, NULL, error))
    return FALSE;
  take_refusals (self, pictures);
  take_links (self, pictures);
  for (gsize i = 0; i < hf_pictures_get_n (pictures); i++) {
    const char *path = hf_pictures_get (pictures, i);
    g_autofree char *group = dup_group (rule, root, path);

    hf_samples_add (self, path, label, group);
  }
  return TRUE;
}

static gboolean
load_folder (HfSamples *self, const char *root, const HfGroupRule *rule,
             GError **error)
{
  g_autoptr (GPtrArray) folders = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);

  if (!list_folder (root, folders, files, error))
    return FALSE;
  for (guint i = 0; i < folders->len; i++)
    if (!add_class_folder (self, root, folders->pdata[i], rule, error))
      return FALSE;
  for (guint i = 0; i < files->len; i++) {
    g_autofree char *path = g_build_filename (root, files->pdata[i], NULL);
    g_autofree char *reason = g_strdup_printf (
        _("%s lies in no folder of a class and was left out."), path);

    if (hf_pictures_is_picture_name (path))
      hf_refusals_add (self->refusals, path, reason);
  }
  return TRUE;
}

/* Where the columns stand; -1: there is none. */
typedef struct {
  int path, label, group;
  guint n;
} Columns;

static gboolean
read_header (const GPtrArray *records, Columns *columns, GError **error)
{
  const HfCsvRecord *header = records->len > 0 ? records->pdata[0] : NULL;

  *columns = (Columns){.path = -1, .label = -1, .group = -1};
  columns->n = header != NULL ? header->fields->len : 0;
  for (guint i = 0; i < columns->n; i++) {
    const char *name = header->fields->pdata[i];
    int *column = g_str_equal (name, "path")    ? &columns->path
                  : g_str_equal (name, "label") ? &columns->label
                  : g_str_equal (name, "group") ? &columns->group
                                                : NULL;

    if (column != NULL && *column >= 0) {
      g_set_error (error, HF_SAMPLES_ERROR, HF_SAMPLES_ERROR_FORMAT,
                   _("its first line names the column \"%s\" twice"), name);
      return FALSE;
    }
    if (column != NULL)
      *column = (int) i;
  }
  if (columns->path >= 0 && columns->label >= 0)
    return TRUE;
  g_set_error_literal (error, HF_SAMPLES_ERROR, HF_SAMPLES_ERROR_FORMAT,
                       _("its first line must name the columns: path,label or "
                         "path,label,group"));
  return FALSE;
}

/* What a list of labels is read into. */
typedef struct {
  HfSamples *samples;
  const char *folder; /* that of the list */
  Columns columns;
  const HfGroupRule *rule; /* NULL: the groups are those of the list */
  GHashTable *seen;        /* path to HfCsvRecord, the first that names it */
} List;

/* A path that is named twice with one label counts once. */
static gboolean
check_twice (const List *self, const HfCsvRecord *record, const char *path,
             gboolean *is_new, GError **error)
{
  const HfCsvRecord *first = g_hash_table_lookup (self->seen, path);

  *is_new = first == NULL;
  if (first == NULL || g_str_equal (first->fields->pdata[self->columns.label],
                                    record->fields->pdata[self->columns.label]))
    return TRUE;
  g_set_error (error, HF_SAMPLES_ERROR, HF_SAMPLES_ERROR_FORMAT,
               _("lines %zu and %zu give %s different labels"), first->line,
                  record->line, path);
  return FALSE;
}

static void
add_record (List *self, const HfCsvRecord *record, const char *path)
{
  const char *name = record->fields->pdata[self->columns.label];
  g_autofree char *group = NULL;
  int label = -1;

  if (!g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_autofree char *reason =
        g_strdup_printf (_("%s is not there (line %zu)."), path, record->line);

    hf_refusals_add (self->samples->refusals, path, reason);
    return;
  }
  if (*name != '\0')
    label = hf_samples_add_class (self->samples, name, HF_CLASS_OTHER);
  if (self->rule != NULL)
    group = dup_group (self->rule, self->folder, path);
  else if (self->columns.group >= 0)
    group = g_strdup (record->fields->pdata[self->columns.group]);
  if (group != NULL && *group == '\0')
    g_clear_pointer (&group, g_free);
  hf_samples_add (self->samples, path, label, group);
}

static gboolean
read_record (List *self, HfCsvRecord *record, GError **error)
{
  g_autofree char *path = NULL;
  gboolean is_new;

  if (record->fields->len != self->columns.n) {
    g_set_error (error, HF_SAMPLES_ERROR, HF_SAMPLES_ERROR_FORMAT,
                 _("the number of fields in line %zu is %u, not %u"),
                    record->line, record->fields->len, self->columns.n);
    return FALSE;
  }
  if (*(char *) record->fields->pdata[self->columns.path] == '\0') {
    g_set_error (error, HF_SAMPLES_ERROR, HF_SAMPLES_ERROR_FORMAT,
                 _("line %zu names no path"), record->line);
    return FALSE;
  }
  path = g_canonicalize_filename (record->fields->pdata[self->columns.path],
                                  self->folder);
  if (!check_twice (self, record, path, &is_new, error))
    return FALSE;
  if (!is_new)
    return TRUE;
  add_record (self, record, path);
  g_hash_table_insert (self->seen, g_steal_pointer (&path), record);
  return TRUE;
}

static gboolean
load_records (HfSamples *samples, const char *path, const GPtrArray *records,
              const char *groups, const HfGroupRule *rule, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *folder = g_path_get_dirname (absolute);
  g_autoptr (GHashTable) seen =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean of_list = groups == NULL || g_str_equal (groups, "csv");
  List self = {.samples = samples,
               .folder = folder,
               .rule = of_list ? NULL : rule,
               .seen = seen};

  if (!read_header (records, &self.columns, error))
    return FALSE;
  if (groups != NULL && of_list && self.columns.group < 0) {
    g_set_error_literal (error, HF_SAMPLES_ERROR, HF_SAMPLES_ERROR_FORMAT,
                         _("it has no column \"group\""));
    return FALSE;
  }
  for (guint i = 1; i < records->len; i++)
    if (!read_record (&self, records->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
load_csv (HfSamples *samples, const char *path, const char *groups,
          const HfGroupRule *rule, GError **error)
{
  g_autoptr (GMappedFile) file = hf_file_map (path, error);
  g_autoptr (GPtrArray) records = NULL;

  if (file == NULL)
    return FALSE;
  records = hf_csv_parse (g_mapped_file_get_contents (file),
                          g_mapped_file_get_length (file), error);
  if (records != NULL &&
      load_records (samples, path, records, groups, rule, error))
    return TRUE;
  g_prefix_error (error, _("The list %s cannot be used: "), path);
  return FALSE;
}

/* Class names come in natural order, whatever the order of a list. */
static void
sort_classes (HfSamples *self)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree int *place = g_new (int, self->classes->len + 1);

  for (guint i = 0; i < self->classes->len; i++)
    g_ptr_array_add (
        names, g_strdup (((HfSampleClass *) self->classes->pdata[i])->name));
  g_ptr_array_sort (names, hf_natural_compare_items);
  for (guint to = 0; to < names->len; to++)
    place[hf_samples_add_class (self, names->pdata[to], HF_CLASS_OTHER)] =
        (int) to;
  for (guint i = 0; i < self->samples->len; i++) {
    HfSample *sample = self->samples->pdata[i];

    if (sample->label >= 0)
      sample->label = place[sample->label];
  }
  for (guint to = 0; to < names->len; to++) {
    HfSampleClass *class = self->classes->pdata[to];

    g_free (class->name);
    class->name = g_strdup (names->pdata[to]);
  }
}

static gboolean
has_labels (const HfSamples *self)
{
  for (guint i = 0; i < self->samples->len; i++)
    if (((const HfSample *) self->samples->pdata[i])->label >= 0)
      return TRUE;
  return FALSE;
}

/* Where nothing is labelled, the refusals say why, or there is an error. */
static gboolean
check_labels (const HfSamples *self, const char *path, GError **error)
{
  if (has_labels (self) || self->refusals->len > 0)
    return TRUE;
  g_set_error (error, HF_SAMPLES_ERROR, HF_SAMPLES_ERROR_EMPTY,
               _("There are no labelled pictures in %s. Labels are a folder "
                 "with a folder of pictures for each class, or a CSV with the "
                 "header path,label."),
                  path);
  return FALSE;
}

HfSamples *
hf_samples_load (const char *path, const char *groups, const char *good,
                 GError **error)
{
  g_autoptr (HfSamples) self = hf_samples_new ();
  g_autoptr (HfGroupRule) rule = hf_group_rule_new (groups, error);
  gboolean ok;

  if (rule == NULL)
    return NULL;
  if (!g_file_test (path, G_FILE_TEST_IS_DIR)) {
    ok = load_csv (self, path, groups, rule, error);
  } else if (groups != NULL && g_str_equal (groups, "csv")) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _("%s is a folder and no CSV that could hold groups."), path);
    ok = FALSE;
  } else {
    ok = load_folder (self, path, rule, error);
  }
  if (!ok || !check_labels (self, path, error))
    return NULL;
  sort_classes (self);
  if (good != NULL && has_labels (self) &&
      !hf_sample_classes_set_good (self->classes, good, NULL, error))
    return NULL;
  g_ptr_array_sort (self->samples, compare_samples);
  return g_steal_pointer (&self);
}

void
hf_samples_note_links (const HfSamples *self, GPtrArray *notes)
{
  guint n = self->links->len;
  g_autofree char *sentence = NULL;

  if (n == 0)
    return;
  sentence = g_strdup_printf (
      g_dngettext (
          GETTEXT_PACKAGE,
          "%u link to a folder was passed over, since links may lead back up: "
          "%s. Put that folder itself there, or list its pictures in a CSV.",
          "%u links to folders were passed over, since links may lead back "
          "up, the first of them %s. Put those folders themselves there, or "
          "list their pictures in a CSV.",
          n),
      n, (const char *) self->links->pdata[0]);
  /* A path is any bytes, a sentence is text. */
  g_ptr_array_add (notes, g_utf8_make_valid (sentence, -1));
}
