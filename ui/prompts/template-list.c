/* template-list.c: see the header. */
#include "ui/prompts/template-list.h"

#include "ui/application.h"
#include "ui/prompts/effect-bar.h"
#include "ui/prompts/template-row.h"

#include <glib/gi18n.h>

struct _HfTemplateList {
  GtkWidget parent_instance;

  GtkWidget *box, *empty, *add;
  GtkListBox *list;
  GtkText *draft;
  GtkMenuButton *library;
  GtkLabel *problem;

  guint n_rows;
  gboolean narrow;
  int focus; /* place of the row that was moved and keeps the keyboard, or -1 */
};

enum { EDITED, EDIT, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HfTemplateList, hf_template_list, GTK_TYPE_WIDGET)

static HfTemplateRow *
get_row (HfTemplateList *self, guint i)
{
  return HF_TEMPLATE_ROW (gtk_list_box_get_row_at_index (self->list, (int) i));
}

static void
emit (HfTemplateList *self, HfPromptEdit *edit)
{
  g_signal_emit (self, signals[EDIT], 0, edit);
}

/* Rows. */

static HfPromptEdit *
new_edit (HfTemplateRow *row, HfPromptEditKind kind)
{
  HfPromptEdit *edit =
      hf_prompt_edit_new (kind, hf_template_row_get_stored (row));

  edit->position = (guint) gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row));
  edit->enabled = hf_template_row_get_enabled (row);
  return edit;
}

static void
edited_cb (HfTemplateList *self)
{
  g_signal_emit (self, signals[EDITED], 0);
}

static void
committed_cb (HfTemplateList *self, const char *text, HfTemplateRow *row)
{
  HfPromptEdit *edit = new_edit (row, HF_PROMPT_EDIT_TEXT);

  edit->new_text = g_strdup (text);
  emit (self, edit);
}

static void
toggled_cb (HfTemplateList *self, gboolean enabled, HfTemplateRow *row)
{
  emit (self, new_edit (row, HF_PROMPT_EDIT_ENABLE));
}

static void
removed_cb (HfTemplateList *self, HfTemplateRow *row)
{
  emit (self, new_edit (row, HF_PROMPT_EDIT_REMOVE));
}

static void
move (HfTemplateList *self, HfTemplateRow *row, int to)
{
  HfPromptEdit *edit;

  if (to < 0 || to >= (int) self->n_rows)
    return;
  edit = new_edit (row, HF_PROMPT_EDIT_MOVE);
  edit->position = (guint) to;
  self->focus = to;
  emit (self, edit);
}

static void
moved_cb (HfTemplateList *self, int by, HfTemplateRow *row)
{
  move (self, row, gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)) + by);
}

static void
dropped_cb (HfTemplateList *self, HfTemplateRow *dropped, HfTemplateRow *at)
{
  move (self, dropped, gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (at)));
}

static void
add_row (HfTemplateList *self)
{
  GtkWidget *row = hf_template_row_new ();
  const struct {
    const char *signal;
    GCallback func;
  } handlers[] = {{"edited", G_CALLBACK (edited_cb)},
                  {"committed", G_CALLBACK (committed_cb)},
                  {"toggled", G_CALLBACK (toggled_cb)},
                  {"removed", G_CALLBACK (removed_cb)},
                  {"moved", G_CALLBACK (moved_cb)},
                  {"dropped", G_CALLBACK (dropped_cb)}};

  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_object (row, handlers[i].signal, handlers[i].func, self,
                             G_CONNECT_SWAPPED);
  hf_template_row_set_narrow (HF_TEMPLATE_ROW (row), self->narrow);
  gtk_list_box_append (self->list, row);
  self->n_rows++;
}

void
hf_template_list_show (HfTemplateList *self, const HfPromptsFacts *facts)
{
  guint n = facts != NULL ? facts->templates->len : 0;

  while (self->n_rows < n)
    add_row (self);
  while (self->n_rows > n)
    gtk_list_box_remove (self->list,
                         GTK_WIDGET (get_row (self, --self->n_rows)));
  for (guint i = 0; i < n; i++) {
    const HfPromptTemplate *template = facts->templates->pdata[i];

    hf_template_row_show (get_row (self, i), template->text, template->enabled);
  }
  gtk_widget_set_visible (self->empty, n == 0);
  if (self->focus >= 0 && self->focus < (int) n)
    gtk_widget_child_focus (GTK_WIDGET (get_row (self, (guint) self->focus)),
                            GTK_DIR_TAB_FORWARD);
  self->focus = -1;
}

GPtrArray *
hf_template_list_dup_templates (HfTemplateList *self)
{
  GPtrArray *list = hf_prompt_templates_new ();

  for (guint i = 0; i < self->n_rows; i++)
    hf_prompt_templates_add (list, hf_template_row_get_text (get_row (self, i)),
                             hf_template_row_get_enabled (get_row (self, i)));
  return list;
}

/* Whether what is typed at @at is another template already. */
static gboolean
is_taken (HfTemplateList *self, guint at)
{
  const char *text = hf_template_row_get_text (get_row (self, at));

  for (guint i = 0; i < self->n_rows; i++)
    if (i != at &&
        g_str_equal (hf_template_row_get_stored (get_row (self, i)), text))
      return TRUE;
  return FALSE;
}

void
hf_template_list_set_prompts (HfTemplateList *self, const HfPromptSet *set)
{
  for (guint t = 0; t < self->n_rows; t++) {
    const GError *problem = hf_prompt_set_get_problem (set, t);
    guint n = 0;

    for (guint c = 0; problem == NULL && c < hf_prompt_set_get_n_classes (set);
         c++)
      n += g_strv_length ((char **) hf_prompt_set_get (set, t, c));
    hf_template_row_set_count (get_row (self, t),
                               problem == NULL ? (int) n : -1);
    hf_template_row_set_problem (
        get_row (self, t),
        problem != NULL ? problem->message
                        : is_taken (self, t)
            ? _("There is such a template already. This one stays as it was.")
            : NULL);
  }
}

static const HfTemplateEffect *
find_effect (const HfTemplateEffects *effects, const char *text)
{
  for (guint i = 0; effects != NULL && i < effects->items->len; i++) {
    const HfTemplateEffect *effect = effects->items->pdata[i];

    if (g_str_equal (effect->text, text))
      return effect;
  }
  return NULL;
}

void
hf_template_list_set_effects (HfTemplateList *self,
                              const HfTemplateEffects *effects)
{
  double reach = 1;

  for (guint i = 0; effects != NULL && i < effects->items->len; i++) {
    const HfTemplateEffect *effect = effects->items->pdata[i];

    reach = MAX (reach, hf_effect_get_reach (&effect->change));
  }
  for (guint i = 0; i < self->n_rows; i++) {
    HfTemplateRow *row = get_row (self, i);

    hf_template_row_set_effect (
        row, find_effect (effects, hf_template_row_get_stored (row)), reach);
  }
}

void
hf_template_list_set_stale (HfTemplateList *self, gboolean stale)
{
  if (stale)
    gtk_widget_add_css_class (GTK_WIDGET (self), "stale");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "stale");
}

void
hf_template_list_set_narrow (HfTemplateList *self, gboolean narrow)
{
  self->narrow = narrow;
  for (guint i = 0; i < self->n_rows; i++)
    hf_template_row_set_narrow (get_row (self, i), narrow);
}

/* Adding one. */

static void
draft_changed_cb (HfTemplateList *self)
{
  const char *text = hf_template_list_get_draft (self);
  g_autoptr (PangoAttrList) attributes =
      hf_template_dup_attributes (GTK_WIDGET (self), text);

  gtk_text_set_attributes (self->draft, attributes);
  gtk_widget_set_visible (self->add, *text != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->problem), FALSE);
  g_signal_emit (self, signals[EDITED], 0);
}

void
hf_template_list_add (HfTemplateList *self)
{
  g_autofree char *text =
      g_strstrip (g_strdup (hf_template_list_get_draft (self)));

  if (*text != '\0')
    emit (self, hf_prompt_edit_new (HF_PROMPT_EDIT_ADD, text));
}

const char *
hf_template_list_get_draft (HfTemplateList *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->draft));
}

void
hf_template_list_answer (HfTemplateList *self, const char *problem)
{
  if (problem == NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->draft), "");
  gtk_label_set_label (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
}

gboolean
hf_template_list_has_problem (HfTemplateList *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self->problem));
}

/* The library. */

static void
insert_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *group, *text;
  HfPromptEdit *edit;

  g_variant_get (parameter, "(&s&s)", &group, &text);
  edit = hf_prompt_edit_new (HF_PROMPT_EDIT_LIBRARY, text);
  edit->group = g_strdup (group);
  emit (HF_TEMPLATE_LIST (widget), edit);
}

static void
add_group (GMenu *menu, const HfLibraryGroup *group)
{
  g_autoptr (GMenu) items = g_menu_new ();

  for (guint i = 0; i < group->templates->len; i++) {
    const HfLibraryTemplate *template = group->templates->pdata[i];
    g_autoptr (GMenuItem) item = g_menu_item_new (template->text, NULL);

    g_menu_item_set_action_and_target (item, "templates.insert", "(ss)",
                                       group->name, template->text);
    g_menu_append_item (items, item);
  }
  g_menu_append_submenu (menu, _(group->title), G_MENU_MODEL (items));
}

static void
fill_library (HfTemplateList *self)
{
  g_autoptr (GPtrArray) groups = hf_library_load (NULL);
  g_autoptr (GMenu) menu = g_menu_new ();

  for (guint i = 0; groups != NULL && i < groups->len; i++)
    add_group (menu, groups->pdata[i]);
  gtk_menu_button_set_menu_model (self->library, G_MENU_MODEL (menu));
  gtk_widget_set_visible (GTK_WIDGET (self->library), groups != NULL);
}

/* The object. */

static void
hf_template_list_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), HF_TYPE_TEMPLATE_LIST);
  G_OBJECT_CLASS (hf_template_list_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *class)
{
#define BIND(child) \
  gtk_widget_class_bind_template_child (class, HfTemplateList, child)
  BIND (box);
  BIND (empty);
  BIND (add);
  BIND (list);
  BIND (draft);
  BIND (library);
  BIND (problem);
#undef BIND
}

static void
hf_template_list_class_init (HfTemplateListClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_template_list_dispose;
  signals[EDITED] =
      g_signal_new ("edited", HF_TYPE_TEMPLATE_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 0);
  signals[EDIT] =
      g_signal_new ("edit", HF_TYPE_TEMPLATE_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  gtk_widget_class_install_action (widget_class, "templates.insert", "(ss)",
                                   insert_action);
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/prompts/template-list.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, draft_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, hf_template_list_add);
}

static void
hf_template_list_init (HfTemplateList *self)
{
  self->focus = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_library (self);
}
