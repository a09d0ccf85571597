/* label-keys.c: see the header. */
#include "ui/label/label-keys.h"

#include "ui/label/sidebar/class-form.h"
#include "ui/workspace/workspace.h"

#include <glib/gi18n.h>

typedef enum {
  EVERYWHERE,  /* on the page */
  ON_PICTURES, /* while a picture has the focus */
} Where;

typedef struct {
  const char *keys; /* as gtk_shortcut_trigger_parse_string */
  const char *action;
  Where where;
} Key;

static const Key table[] = {
    {"0|KP_0", "label.clear", EVERYWHERE},
    {"space", "label.next-suggestion", ON_PICTURES},
    {"Return|KP_Enter", "label.confirm", ON_PICTURES},
    {"f", "label.viewer", EVERYWHERE},
    {"plus|equal|KP_Add|<Control>plus|<Control>equal", "label.zoom-in",
     EVERYWHERE},
    {"minus|KP_Subtract|<Control>minus", "label.zoom-out", EVERYWHERE},
    {"e", "label.edges", EVERYWHERE},
    {"slash|KP_Divide|<Control>f", "label.filter", EVERYWHERE},
    {"Escape", "label.leave", EVERYWHERE},
};

/* In the order in which they are learnt. */
static const struct {
  const char *accelerator;
  const char *title;
} shown[] = {
    /* A range (1...9) is another such label; see ui/preferences/shortcuts.c. */
    {"1 2 3", N_ ("Label with the class of that key")},
     {"0", N_ ("Take the label away")},
      {"space", N_ ("Next suggestion")},
       {"Return", N_ ("Confirm what is shown")},
        {"Menu <Shift>F10", N_ ("Open the menu of the picture")},
         {"<Shift>Left <Shift>Right", N_ ("Extend the selection")},
          {"<Control>a", N_ ("Select all")},
           {"f", N_ ("Open or leave the viewer")},
            {"plus minus", N_ ("Larger or smaller")},
             {"<Control>Left <Control>Right", N_ ("Move an enlarged picture")},
              {"<Control>0", N_ ("Fit the picture into the window")},
               {"e", N_ ("Show edges")},
                {"slash", N_ ("Filter by name")},
                 {"Escape", N_ ("Leave viewer, filter or selection")},
};

gboolean
hf_label_keys_is_typing (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  /* A form and a menu have the keys to themselves, Escape above all. */
  return focus != NULL &&
         (GTK_IS_EDITABLE (focus) ||
          gtk_widget_get_ancestor (focus, HF_TYPE_CLASS_FORM) != NULL ||
          gtk_widget_get_native (focus) != gtk_widget_get_native (widget));
}

static gboolean
has_focus (GtkWidget *centre)
{
  GtkRoot *root = gtk_widget_get_root (centre);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return focus != NULL && gtk_widget_is_ancestor (focus, centre);
}

typedef struct {
  const Key *key;
  GtkWidget *centre; /* lives as long as the page */
} Binding;

static gboolean
key_cb (GtkWidget *page, GVariant *arguments, gpointer data)
{
  const Binding *binding = data;

  if (hf_label_keys_is_typing (page) ||
      (binding->key->where == ON_PICTURES && !has_focus (binding->centre)))
    return FALSE;
  return gtk_widget_activate_action (page, binding->key->action, NULL);
}

/* Which class a key stands for changes as classes do, so these are no shortcuts
 * of their own. */
static gboolean
class_key_cb (GtkEventControllerKey *controller, guint keyval, guint keycode,
              GdkModifierType modifiers, gpointer data)
{
  GtkWidget *page = data;
  g_autoptr (HfWorkspace) workspace = NULL;
  gunichar character = g_unichar_tolower (gdk_keyval_to_unicode (keyval));
  HfClassItem *item;
  char key[7] = "";

  if (character == 0 || hf_label_keys_is_typing (page) ||
      (modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) != 0)
    return FALSE;
  g_object_get (page, "workspace", &workspace, NULL);
  key[g_unichar_to_utf8 (character, key)] = '\0';
  item = workspace != NULL ? hf_workspace_find_key (workspace, key) : NULL;
  return item != NULL &&
         gtk_widget_activate_action (page, "label.set", "x",
                                     hf_class_item_get_id (item));
}

void
hf_label_keys_attach (GtkWidget *page, GtkWidget *centre)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  /* Before the grid, which would select with Space and open with Enter. */
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++) {
    Binding *binding = g_new0 (Binding, 1);

    binding->key = &table[i];
    binding->centre = centre;
    gtk_shortcut_controller_add_shortcut (
        GTK_SHORTCUT_CONTROLLER (controller),
        gtk_shortcut_new (gtk_shortcut_trigger_parse_string (table[i].keys),
                          gtk_callback_action_new (key_cb, binding, g_free)));
  }
  gtk_widget_add_controller (page, controller);
  controller = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect (controller, "key-pressed", G_CALLBACK (class_key_cb), page);
  gtk_widget_add_controller (page, controller);
}

GtkWidget *
hf_label_keys_new_group (void)
{
  GtkWidget *group =
      g_object_new (GTK_TYPE_SHORTCUTS_GROUP, "title", _ ("Label"), NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (shown); i++)
    gtk_box_append (GTK_BOX (group),
                    g_object_new (GTK_TYPE_SHORTCUTS_SHORTCUT, "accelerator",
                                  shown[i].accelerator, "title",
                                  _ (shown[i].title), NULL));
  return group;
}
