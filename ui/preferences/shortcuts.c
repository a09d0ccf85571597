/* shortcuts.c: see the header. At this version of GTK a GtkShortcutsWindow is
 * filled as a builder fills it. */
#include "ui/preferences/shortcuts.h"

#include "ui/label/label-keys.h"

#include <glib/gi18n.h>

/* Rows and headings of the longer of the two columns. */
#define COLUMN 22

/* Rows of one group follow each other. Without an action: what the widgets of a
 * page do by themselves, for reading only. */
static const struct {
  const char *group, *title, *action, *keys[3];
} table[] = {
    {N_ ("General"), N_ ("Open a folder"), "win.open-folder", {"<Control>o"}},
     {N_ ("General"),
          N_ ("Open a project"), "win.open-project", {"<Control><Shift>o"}},
      {N_ ("General"), N_ ("Look for new pictures"), "win.look-again", {"F5"}},
       {N_ ("General"), N_ ("Undo"), "win.undo", {"<Control>z"}},
        {N_ ("General"),
             N_ ("Redo"), "win.redo", {"<Control><Shift>z", "<Control>y"}},
         {N_ ("General"),
              N_ ("Preferences"), "app.preferences", {"<Control>comma"}},
          {N_ ("General"),
               N_ ("Keyboard shortcuts"), "app.shortcuts",
                   {"<Control>question", "<Control>slash"}},
           {N_ ("General"), N_ ("Help"), "app.help", {"F1"}},
            {N_ ("General"),
                 N_ ("New window"), "app.new-window", {"<Control>n"}},
             {N_ ("General"),
                  N_ ("Close the window"), "window.close", {"<Control>w"}},
              {N_ ("General"), N_ ("Quit"), "app.quit", {"<Control>q"}},
               {N_ ("Pages"), N_ ("Label"), "win.show-page::label", {"<Alt>1"}},
                {N_ ("Pages"),
                     N_ ("Prompts"), "win.show-page::prompts", {"<Alt>2"}},
                 {N_ ("Pages"),
                      N_ ("Evaluate"), "win.show-page::evaluate", {"<Alt>3"}},
                  {N_ ("Pages"),
                       N_ ("Export"), "win.show-page::export", {"<Alt>4"}},
                   {N_ ("Elsewhere"), N_ ("Rename the class"), NULL, {"F2"}},
                    {N_ ("Elsewhere"),
                         N_ ("Menu of the row"), NULL, {"Menu", "<Shift>F10"}},
                     {N_ ("Elsewhere"),
                          N_ ("Move a template"), NULL,
                              {"<Alt>Up", "<Alt>Down"}},
                      {N_ ("Elsewhere"),
                           N_ ("Move a threshold"), NULL, {"Left", "Right"}},
                       {N_ ("Framing"),
                            N_ ("Move the region"), NULL, {"Left", "Right"}},
                        {N_ ("Framing"),
                             N_ ("Change its size"), NULL,
                                 {"<Control>Left", "<Control>Right"}},
                         {N_ ("Framing"),
                              N_ ("In longer steps"), NULL,
                                  {"<Shift>Left", "<Shift>Right"}},
                          {N_ ("Framing"),
                               N_ ("Previous or next picture"), NULL,
                                   {"Page_Up", "Page_Down"}},
                           {N_ ("Framing"),
                                N_ ("Apply"), NULL, {"<Control>Return"}},
};

void
hf_shortcuts_install (GtkApplication *application)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (table[i].action != NULL)
      gtk_application_set_accels_for_action (application, table[i].action,
                                             table[i].keys);
}

static void
add (GtkWidget *parent, GtkWidget *child)
{
  GtkBuildable *buildable = GTK_BUILDABLE (parent);
  g_autoptr (GtkBuilder) builder = gtk_builder_new ();

  GTK_BUILDABLE_GET_IFACE (buildable)->add_child (buildable, builder,
                                                  G_OBJECT (child), NULL);
}

static GtkWidget *
new_shortcut (gsize i)
{
  g_autofree char *keys = g_strjoinv (" ", (char **) table[i].keys);

  return g_object_new (GTK_TYPE_SHORTCUTS_SHORTCUT, "title",
                       _ (table[i].title), "accelerator", keys, NULL);
}

GtkWidget *
hf_shortcuts_new_window (void)
{
  GtkWidget *window =
      g_object_new (GTK_TYPE_SHORTCUTS_WINDOW, "modal", TRUE, NULL);
  /* All on one page: the switcher of several has labels of negative width at
   * this version of GTK. */
  GtkWidget *section = g_object_new (
      GTK_TYPE_SHORTCUTS_SECTION, "section-name", "handful", "title",
      _ ("Handful"), "max-height", COLUMN, "visible", TRUE, NULL);
  GtkWidget *group = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++) {
    if (i == 0 || g_strcmp0 (table[i].group, table[i - 1].group) != 0) {
      /* The second column begins with it. */
      if (g_str_equal (table[i].group, "Framing"))
        add (section, hf_label_keys_new_group ());
      group = g_object_new (GTK_TYPE_SHORTCUTS_GROUP, "title",
                            _ (table[i].group), NULL);
      add (section, group);
    }
    add (group, new_shortcut (i));
  }
  add (window, section);
  return window;
}
