/* keys.c: see the header. */
#include "keys.h"
#include "stage.h"

#include <string.h>

/* No page has so many places for the keyboard. */
#define MANY 100

const char *
keys_get_words (GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);
  const char *words = NULL;

  if (GTK_IS_BUTTON (widget))
    words = gtk_button_get_label (GTK_BUTTON (widget));
  else if (ADW_IS_PREFERENCES_ROW (widget))
    words = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget));
  if (words == NULL || *words == '\0')
    words = gtk_widget_get_tooltip_text (widget);
  if (words == NULL && GTK_IS_MENU_BUTTON (parent))
    words = gtk_widget_get_tooltip_text (parent);
  return words != NULL ? words : "";
}

GtkWidget *
keys_get_place (GtkWindow *window)
{
  GtkWidget *focus = gtk_window_get_focus (window);

  return gtk_window_is_active (window) && focus != NULL &&
                 gtk_widget_get_mapped (focus) &&
                 gtk_widget_get_root (focus) == GTK_ROOT (window)
             ? focus
             : NULL;
}

gboolean
keys_is_at (GtkWindow *window, const char *words)
{
  GtkWidget *place = keys_get_place (window);

  return place != NULL && strstr (keys_get_words (place), words) != NULL;
}

void
keys_press (GtkWindow *window, const char *keys)
{
  patience_until (keys_get_place (window) != NULL);
  stage_press (window, keys);
  stage_settle (window);
}

GtkWidget *
keys_go_to (GtkWindow *window, const char *key, const char *words)
{
  for (int i = 0; i < MANY && !keys_is_at (window, words); i++)
    keys_press (window, key);
  if (!keys_is_at (window, words))
    g_error ("%s does not lead to \"%s\"", key, words);
  return keys_get_place (window);
}

GtkWindow *
keys_wait_over (GtkWindow *under)
{
  GListModel *all = gtk_window_get_toplevels ();
  gint64 end_us = 0;

  while (patience_lasts (&end_us))
    for (guint i = 0; i < g_list_model_get_n_items (all); i++) {
      g_autoptr (GtkWindow) window = g_list_model_get_item (all, i);

      if (gtk_window_get_transient_for (window) == under &&
          keys_get_place (window) != NULL)
        return window;
    }
  g_error ("no window came");
}

GtkWindow *
keys_open_over (GtkWindow *under)
{
  g_autofree char *words = g_strdup (keys_get_words (keys_get_place (under)));

  keys_press (under, "Return");
  stage_press (keys_wait_over (under), "Escape");
  patience_until (keys_is_at (under, words));
  keys_press (under, "Return");
  return keys_wait_over (under);
}
