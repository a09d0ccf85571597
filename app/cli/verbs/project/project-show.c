/* project-show.c: handful-cli project info and log. */
#include "app/cli/verbs/project/project-verbs.h"

#include "app/project/classes.h"
#include "app/project/labels.h"
#include "app/project/sources.h"
#include "app/project/suggestions.h"

/* What `info` says; counts beside the lists. */
typedef struct {
  HfProject *project;
  GPtrArray *sources, *classes, *openings;
  GArray *due;
  guint64 n_shown;
  gsize n_images, n_labelled, n_sealed, n_alone, n_groups, n_undo, n_redo;
  char *log_sha256;
} Info;

static void
info_clear (Info *self)
{
  g_clear_pointer (&self->sources, g_ptr_array_unref);
  g_clear_pointer (&self->classes, g_ptr_array_unref);
  g_clear_pointer (&self->openings, g_ptr_array_unref);
  g_clear_pointer (&self->due, g_array_unref);
  g_free (self->log_sha256);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Info, info_clear)

static gboolean
read_info (Info *self, GError **error)
{
  if ((self->sources = hf_project_dup_sources (self->project, error)) == NULL ||
      (self->classes = hf_project_dup_classes (self->project, error)) == NULL ||
      (self->openings = hf_project_dup_openings (self->project, error)) ==
          NULL ||
      (self->due = hf_project_dup_due_audits (self->project, &self->n_shown,
                                              error)) == NULL ||
      (self->log_sha256 = hf_project_dup_log_sha256 (self->project, error)) ==
          NULL)
    return FALSE;
  for (guint i = 0; i < self->sources->len; i++) {
    const HfSource *source = self->sources->pdata[i];

    self->n_images += source->n_images;
    self->n_labelled += source->n_labelled;
  }
  return hf_project_count_sealed (self->project, &self->n_sealed, error) &&
         hf_project_count_groups (self->project, &self->n_alone,
                                  &self->n_groups, error) &&
         hf_project_count_steps (self->project, &self->n_undo, &self->n_redo,
                                 error);
}

static void
add_string (HfJson *json, const char *key, const char *text)
{
  json_object_object_add (json, key,
                          text != NULL ? hf_output_new_string (text) : NULL);
}

static void
add_count (HfJson *json, const char *key, guint64 n)
{
  json_object_object_add (json, key, json_object_new_uint64 (n));
}

/* "2026-11-25T10:03:00.123456Z"; clocks that are wrong may be before 1970. */
static char *
dup_time (gint64 time_us)
{
  gint64 second_us =
      (time_us % G_USEC_PER_SEC + G_USEC_PER_SEC) % G_USEC_PER_SEC;
  g_autoptr (GDateTime) seconds =
      g_date_time_new_from_unix_utc ((time_us - second_us) / G_USEC_PER_SEC);
  g_autofree char *text =
      seconds != NULL ? g_date_time_format (seconds, "%Y-%m-%dT%H:%M:%S")
                      : g_strdup ("?");

  return g_strdup_printf ("%s.%06dZ", text, (int) second_us);
}

static HfJson *
new_sources_json (const Info *info)
{
  HfJson *list = json_object_new_array ();

  for (guint i = 0; i < info->sources->len; i++) {
    const HfSource *source = info->sources->pdata[i];
    HfJson *json = json_object_new_object ();

    add_string (json, "folder", source->folder);
    json_object_object_add (json, "found",
                            json_object_new_boolean (source->found));
    add_count (json, "images", source->n_images);
    add_count (json, "labelled", source->n_labelled);
    json_object_array_add (list, json);
  }
  return list;
}

static HfJson *
new_classes_json (const Info *info)
{
  HfJson *list = json_object_new_array ();

  for (guint i = 0; i < info->classes->len; i++) {
    const HfProjectClass *class = info->classes->pdata[i];
    HfJson *json = json_object_new_object ();

    add_string (json, "name", class->name);
    add_string (json, "kind", hf_class_kind_get_name (class->kind));
    add_string (json, "colour", class->colour);
    add_string (json, "key", class->key);
    add_count (json, "labels", class->n_labels);
    json_object_array_add (list, json);
  }
  return list;
}

static HfJson *
new_openings_json (const Info *info)
{
  HfJson *list = json_object_new_array ();

  for (guint i = 0; i < info->openings->len; i++) {
    const HfOpening *opening = info->openings->pdata[i];
    HfJson *json = json_object_new_object ();
    g_autofree char *time = dup_time (opening->time_us);

    add_string (json, "time", time);
    add_string (json, "what", opening->what);
    json_object_array_add (list, json);
  }
  return list;
}

static void
print_json (const Info *info)
{
  g_autoptr (HfJson) json = json_object_new_object ();
  HfJson *settings = json_object_new_object ();
  const char *key;

  for (guint i = 0; (key = hf_project_get_setting_key (i)) != NULL; i++) {
    g_autofree char *value = hf_project_dup_setting (info->project, key);

    add_string (settings, key, value);
  }
  add_string (json, "project", hf_project_get_path (info->project));
  add_count (json, "images", info->n_images);
  add_count (json, "labelled", info->n_labelled);
  add_count (json, "groups", info->n_groups);
  add_count (json, "without_group", info->n_alone);
  add_count (json, "sealed", info->n_sealed);
  add_count (json, "suggestions_shown", info->n_shown);
  add_count (json, "audits_due", info->due->len);
  add_count (json, "undo_steps", info->n_undo);
  add_count (json, "redo_steps", info->n_redo);
  add_string (json, "log_sha256", info->log_sha256);
  json_object_object_add (json, "sources", new_sources_json (info));
  json_object_object_add (json, "classes", new_classes_json (info));
  json_object_object_add (json, "openings", new_openings_json (info));
  json_object_object_add (json, "settings", settings);
  hf_output_json (json);
}

static void
print_lists (const Info *info)
{
  const char *key;

  for (guint i = 0; i < info->sources->len; i++) {
    const HfSource *source = info->sources->pdata[i];
    g_autofree char *shown = hf_output_dup_printable (source->folder);

    hf_output_printf (
        "  source   %s: %" G_GSIZE_FORMAT " %s, %" G_GSIZE_FORMAT
        " labelled%s\n",
        shown, source->n_images,
        hf_output_get_noun (source->n_images, "picture", "pictures"),
        source->n_labelled, source->found ? "" : " (not there)");
  }
  for (guint i = 0; i < info->classes->len; i++) {
    const HfProjectClass *class = info->classes->pdata[i];
    g_autofree char *shown = hf_output_dup_printable (class->name);

    hf_output_printf ("  class    %-16s %-7s %" G_GSIZE_FORMAT " %s\n", shown,
                      hf_class_kind_get_name (class->kind), class->n_labels,
                      hf_output_get_noun (class->n_labels, "label", "labels"));
  }
  for (guint i = 0; (key = hf_project_get_setting_key (i)) != NULL; i++) {
    g_autofree char *value = hf_project_dup_setting (info->project, key);
    g_autofree char *shown =
        value != NULL ? hf_output_dup_printable (value) : NULL;

    if (shown != NULL)
      hf_output_printf ("  setting  %s = %s\n", key, shown);
  }
}

static void
print_plain (const Info *info)
{
  g_autofree char *shown =
      hf_output_dup_printable (hf_project_get_path (info->project));

  hf_output_printf ("%s: %" G_GSIZE_FORMAT " %s, %" G_GSIZE_FORMAT
                    " labelled, %" G_GSIZE_FORMAT " %s\n",
                    shown, info->n_images,
                    hf_output_get_noun (info->n_images, "picture", "pictures"),
                    info->n_labelled, info->n_groups,
                    hf_output_get_noun (info->n_groups, "group", "groups"));
  print_lists (info);
  hf_output_printf ("  acceptance set: %" G_GSIZE_FORMAT
                    " %s, looked at %u %s\n",
                    info->n_sealed,
                    hf_output_get_noun (info->n_sealed, "picture", "pictures"),
                    info->openings->len,
                    hf_output_get_noun (info->openings->len, "time", "times"));
  hf_output_printf ("  audit draws still to be labelled: %u\n", info->due->len);
  hf_output_printf ("  steps to undo: %" G_GSIZE_FORMAT
                    ", to do again: %" G_GSIZE_FORMAT "\n",
                    info->n_undo, info->n_redo);
}

int
hf_verb_project_info (const HfVerb *verb, int argc, char **argv)
{
  g_auto (HfProjectArguments) arguments = {0};
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
      HF_PROJECT_OPTION (&arguments),
      {"json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL},
      HF_PROJECT_WORDS (&arguments),
      {NULL},
  };
  g_auto (Info) info = {0};
  g_autoptr (GError) error = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status) ||
      !hf_project_arguments_open (&arguments, verb, TRUE, &status))
    return status;
  info.project = arguments.project;
  if (!read_info (&info, &error))
    return hf_project_complain (error);
  if (json)
    print_json (&info);
  else
    print_plain (&info);
  return HF_EXIT_DONE;
}

typedef struct {
  const GPtrArray *sources;
  gboolean json;
} LogPrinter;

static char *
dup_whole_path (const LogPrinter *self, const HfLabelEntry *entry)
{
  for (guint i = 0; i < self->sources->len; i++) {
    const HfSource *source = self->sources->pdata[i];

    if (source->id == entry->source_id)
      return g_build_filename (source->folder, entry->path, NULL);
  }
  return g_strdup (entry->path);
}

static void
print_entry_json (const HfLabelEntry *entry, const char *time, const char *path)
{
  g_autoptr (HfJson) json = json_object_new_object ();

  json_object_object_add (json, "id", json_object_new_int64 (entry->id));
  add_string (json, "time", time);
  add_string (json, "path", path);
  add_string (json, "class", entry->class_name);
  add_string (json, "by", hf_label_by_get_name (entry->by));
  add_string (json, "shown", hf_shown_get_name (entry->shown));
  json_object_object_add (json, "step", json_object_new_int64 (entry->batch));
  json_object_object_add (
      json, "undoes",
      entry->undoes != 0 ? json_object_new_int64 (entry->undoes) : NULL);
  hf_output_json (json);
}

static gboolean
print_entry (const HfLabelEntry *entry, gpointer data, GError **error)
{
  const LogPrinter *self = data;
  g_autofree char *time = dup_time (entry->time_us);
  g_autofree char *path = dup_whole_path (self, entry);
  g_autofree char *shown = NULL;
  g_autofree char *name = NULL;

  if (self->json) {
    print_entry_json (entry, time, path);
    return TRUE;
  }
  shown = hf_output_dup_printable (path);
  name = hf_output_dup_printable (entry->class_name != NULL ? entry->class_name
                                                            : "(cleared)");
  hf_output_printf ("%s  %-16s %-10s %-7s %s\n", time, name,
                    hf_label_by_get_name (entry->by),
                    hf_shown_get_name (entry->shown), shown);
  return TRUE;
}

int
hf_verb_project_log (const HfVerb *verb, int argc, char **argv)
{
  g_auto (HfProjectArguments) arguments = {0};
  LogPrinter printer = {0};
  gint64 n_last = 0;
  const GOptionEntry entries[] = {
      HF_PROJECT_OPTION (&arguments),
      {"number", 'n', 0, G_OPTION_ARG_INT64, &n_last, "Only the last N entries",
       "N"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &printer.json,
       "Print one JSON line an entry", NULL},
      HF_PROJECT_WORDS (&arguments),
      {NULL},
  };
  g_autoptr (GPtrArray) sources = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status) ||
      !hf_project_arguments_open (&arguments, verb, TRUE, &status))
    return status;
  if (n_last < 0)
    return hf_options_refuse (verb, "-n is a number from 1 on.");
  sources = hf_project_dup_sources (arguments.project, &error);
  printer.sources = sources;
  if (sources == NULL ||
      !hf_project_read_log (arguments.project, (gsize) n_last, print_entry,
                            &printer, &error))
    return hf_project_complain (error);
  return HF_EXIT_DONE;
}
