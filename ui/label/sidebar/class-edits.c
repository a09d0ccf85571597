/* class-edits.c: see the header. */
#include "ui/label/sidebar/class-edits.h"

#include "app/project/classes.h"
#include "ui/label/reserved-keys.h"

#include <glib/gi18n.h>

#define NAME_MAX_CHARS 100

/* Okabe and Ito (2008), the good class's first; without black. */
static const struct {
  const char *colour;
  const char *name;
} palette[] = {
    {"#009e73", N_ ("Green")},      {"#e69f00", N_ ("Orange")},
    {"#56b4e9", N_ ("Sky Blue")},   {"#f0e442", N_ ("Yellow")},
    {"#0072b2", N_ ("Blue")},       {"#d55e00", N_ ("Vermilion")},
    {"#cc79a7", N_ ("Red Purple")},
};

const char *
hf_class_get_colour (guint i)
{
  return i < G_N_ELEMENTS (palette) ? palette[i].colour : NULL;
}

const char *
hf_class_get_colour_name (guint i)
{
  return i < G_N_ELEMENTS (palette) ? _ (palette[i].name) : NULL;
}

const char *
hf_class_kind_get_title (HfClassKind kind)
{
  switch (kind) {
  case HF_CLASS_GOOD:
    return _ ("Good");
  case HF_CLASS_DEFECT:
    return _ ("Defect");
  default:
    return _ ("Other");
  }
}

typedef gboolean (*ClassTest) (HfClassItem *item, const HfClassWish *wish);

static gboolean
has_name (HfClassItem *item, const HfClassWish *wish)
{
  g_autofree char *wanted = hf_class_dup_plain_name (wish->name);
  g_autofree char *there =
      hf_class_dup_plain_name (hf_class_item_get_name (item));

  return g_str_equal (wanted, there);
}

static gboolean
has_key (HfClassItem *item, const HfClassWish *wish)
{
  return g_strcmp0 (hf_class_item_get_key (item), wish->key) == 0;
}

/* Another class than the wished one; the workspace keeps it alive. */
static HfClassItem *
find_other (HfWorkspace *workspace, const HfClassWish *wish, ClassTest test)
{
  GListModel *classes = hf_workspace_get_classes (workspace);

  for (guint i = 0; i < g_list_model_get_n_items (classes); i++) {
    g_autoptr (HfClassItem) item = g_list_model_get_item (classes, i);

    if (hf_class_item_get_id (item) != wish->id && test (item, wish))
      return item;
  }
  return NULL;
}

static char *
dup_name_fault (const HfClassWish *self, HfWorkspace *workspace)
{
  g_autoptr (GError) error = NULL;

  if (!hf_class_check_name (self->name, &error))
    return g_strdup (error->message);
  if (g_utf8_strlen (self->name, -1) > NAME_MAX_CHARS)
    return g_strdup_printf (
        _ ("A name has %d characters at most; this one has %ld."),
           NAME_MAX_CHARS, g_utf8_strlen (self->name, -1));
  if (find_other (workspace, self, has_name) != NULL)
    return g_strdup_printf (
        _ ("There is a class “%s” already. Choose another name."),
           hf_class_item_get_name (find_other (workspace, self, has_name)));
  return NULL;
}

static char *
dup_key_fault (const HfClassWish *self, HfWorkspace *workspace)
{
  HfClassItem *other;
  const char *use;
  gunichar key;

  if (*self->key == '\0')
    return NULL;
  key = g_utf8_get_char (self->key);
  use = hf_reserved_keys_find (key);
  if (use != NULL)
    return g_strdup_printf (_ ("“%s” %s. Choose another key."), self->key, use);
  if (!g_unichar_isalnum (key) || *g_utf8_next_char (self->key) != '\0')
    return g_strdup (_ ("A key is one letter or one digit."));
  other = find_other (workspace, self, has_key);
  if (other != NULL)
    return g_strdup_printf (_ ("“%s” is the key of “%s”. Choose another key."),
                               self->key, hf_class_item_get_name (other));
  return NULL;
}

char *
hf_class_wish_dup_fault (const HfClassWish *self, HfWorkspace *workspace)
{
  char *fault = dup_name_fault (self, workspace);

  return fault != NULL ? fault : dup_key_fault (self, workspace);
}

/* A wish on its way, and to whom it is told. */
typedef struct {
  gint64 id, into_id;
  char *name, *colour, *key;
  HfClassKind kind;
  HfWorkspaceDoneFunc done;
  gpointer data;
  GDestroyNotify free_data;
} Edit;

static void
edit_free (gpointer data)
{
  Edit *self = data;

  if (self->free_data != NULL)
    self->free_data (self->data);
  g_free (self->name);
  g_free (self->colour);
  g_free (self->key);
  g_free (self);
}

static void
edit_done (HfWorkspace *workspace, gpointer data, const GError *error)
{
  Edit *self = data;

  self->done (workspace, self->data, error);
}

/* @failed is the title of an error, where nobody waits to be told of it. */
static void
start (HfWorkspace *workspace, const char *failed, HfWorkspaceFunc func,
       const Edit *edit)
{
  hf_workspace_edit (workspace, failed, func,
                     edit->done != NULL ? edit_done : NULL,
                     g_memdup2 (edit, sizeof *edit), edit_free);
}

/* The name as the project has it, which may be no text (caller frees). */
static char *
dup_raw_name (HfProject *project, gint64 id, GError **error)
{
  g_autoptr (GPtrArray) classes = hf_project_dup_classes (project, error);

  if (classes == NULL)
    return NULL;
  for (guint i = 0; i < classes->len; i++) {
    const HfProjectClass *class = classes->pdata[i];

    if (class->id == id)
      return g_strdup (class->name);
  }
  g_set_error_literal (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME,
                       _ ("The class is no longer there."));
  return NULL;
}

/* Another program may have made a class of that name meanwhile: renaming would
 * then make the two one, which nobody asked for. */
static gboolean
rename_class (HfProject *project, const Edit *self, GError **error)
{
  g_autofree char *raw = dup_raw_name (project, self->id, error);
  g_autofree char *shown = raw != NULL ? hf_class_dup_shown_name (raw) : NULL;
  g_autoptr (GError) unknown = NULL;
  gboolean merged;

  if (raw == NULL)
    return FALSE;
  if (g_str_equal (shown, self->name))
    return TRUE;
  if (hf_project_find_class (project, self->name, &unknown) != 0) {
    g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME,
                 _ ("There is a class “%s” already. Choose another name."),
                    self->name);
    return FALSE;
  }
  if (!g_error_matches (unknown, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME)) {
    g_propagate_error (error, g_steal_pointer (&unknown));
    return FALSE;
  }
  return hf_project_relabel (project, raw, self->name, &merged, NULL, error);
}

static gboolean
grant (HfProject *project, gpointer data, GError **error)
{
  Edit *self = data;

  if (self->id == 0)
    self->id = hf_project_add_class (project, self->name, self->kind, error);
  else if (!rename_class (project, self, error))
    return FALSE;
  return self->id != 0 &&
         hf_project_set_class_kind (project, self->id, self->kind, error) &&
         hf_project_set_class_colour (project, self->id, self->colour, error) &&
         hf_project_set_class_key (
             project, self->id, *self->key != '\0' ? self->key : NULL, error);
}

void
hf_class_wish_grant (const HfClassWish *self, HfWorkspace *workspace,
                     HfWorkspaceDoneFunc done, gpointer data,
                     GDestroyNotify free_data)
{
  const Edit edit = {.id = self->id,
                     .name = g_strdup (self->name),
                     .colour = g_strdup (self->colour),
                     .key = g_utf8_strdown (self->key, -1),
                     .kind = self->kind,
                     .done = done,
                     .data = data,
                     .free_data = free_data};

  start (workspace, _ ("The class was not changed"), grant, &edit);
}

static gboolean
merge (HfProject *project, gpointer data, GError **error)
{
  Edit *self = data;
  g_autofree char *from = dup_raw_name (project, self->id, error);
  g_autofree char *into =
      from != NULL ? dup_raw_name (project, self->into_id, error) : NULL;
  gboolean merged;

  return into != NULL &&
         hf_project_relabel (project, from, into, &merged, NULL, error);
}

void
hf_class_merge (HfWorkspace *workspace, gint64 class_id, gint64 into_id,
                HfWorkspaceDoneFunc done, gpointer data,
                GDestroyNotify free_data)
{
  const Edit edit = {.id = class_id,
                     .into_id = into_id,
                     .done = done,
                     .data = data,
                     .free_data = free_data};

  start (workspace, _ ("The classes were not merged"), merge, &edit);
}

static gboolean
remove_class (HfProject *project, gpointer data, GError **error)
{
  return hf_project_remove_class (project, ((Edit *) data)->id, NULL, error);
}

void
hf_class_remove (HfWorkspace *workspace, gint64 class_id,
                 HfWorkspaceDoneFunc done, gpointer data,
                 GDestroyNotify free_data)
{
  const Edit edit = {
      .id = class_id, .done = done, .data = data, .free_data = free_data};

  start (workspace, _ ("The class was not removed"), remove_class, &edit);
}

static gboolean
restore (HfProject *project, gpointer data, GError **error)
{
  return hf_project_restore_class (project, ((Edit *) data)->id, error);
}

void
hf_class_restore (HfWorkspace *workspace, gint64 class_id)
{
  const Edit edit = {.id = class_id};

  start (workspace, _ ("Nothing was undone"), restore, &edit);
}

/* How many classes have colour @i. */
static guint
count_colour (GListModel *classes, guint i)
{
  guint n = 0;

  for (guint c = 0; c < g_list_model_get_n_items (classes); c++) {
    g_autoptr (HfClassItem) item = g_list_model_get_item (classes, c);

    n += g_ascii_strcasecmp (hf_class_item_get_colour (item),
                             palette[i].colour) == 0;
  }
  return n;
}

const char *
hf_class_propose_colour (HfWorkspace *workspace, HfClassKind kind)
{
  GListModel *classes = hf_workspace_get_classes (workspace);
  guint best = kind == HF_CLASS_GOOD ? 0 : 1;

  for (guint i = best + 1; i < G_N_ELEMENTS (palette); i++)
    if (count_colour (classes, i) < count_colour (classes, best))
      best = i;
  return palette[best].colour;
}

char *
hf_class_propose_key (HfWorkspace *workspace)
{
  static const char candidates[] = "123456789abcdefghijklmnopqrstuvwxyz";

  for (const char *c = candidates; *c != '\0'; c++) {
    const char key[2] = {*c, '\0'};

    if (hf_reserved_keys_find ((gunichar) *c) == NULL &&
        hf_workspace_find_key (workspace, key) == NULL)
      return g_strdup (key);
  }
  return g_strdup ("");
}
