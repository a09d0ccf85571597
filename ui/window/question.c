/* question.c: see the header. */
#include "ui/window/question.h"

#include <glib/gi18n.h>

#define TOAST_SECONDS 12

struct _HfQuestion {
  AdwToastOverlay *toasts;
  AdwToast *toast; /* NULL: nothing is asked */
  GHashTable *ids; /* gint64, what it asks about */
};

HfQuestion *
hf_question_new (AdwToastOverlay *toasts)
{
  HfQuestion *self = g_new0 (HfQuestion, 1);

  self->toasts = toasts;
  self->ids = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  return self;
}

/* The toast, if there is one, goes. */
static void
drop_toast (HfQuestion *self)
{
  g_autoptr (AdwToast) toast = g_steal_pointer (&self->toast);

  if (toast == NULL)
    return;
  g_signal_handlers_disconnect_by_data (toast, self);
  adw_toast_dismiss (toast);
}

void
hf_question_free (HfQuestion *self)
{
  drop_toast (self);
  g_hash_table_unref (self->ids);
  g_free (self);
}

static void
dismissed_cb (HfQuestion *self)
{
  g_clear_object (&self->toast);
  g_hash_table_remove_all (self->ids);
}

void
hf_question_withdraw (HfQuestion *self)
{
  drop_toast (self);
  g_hash_table_remove_all (self->ids);
}

static GVariant *
new_target (HfQuestion *self)
{
  GVariantBuilder builder;
  GHashTableIter iter;
  gpointer key;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("ax"));
  g_hash_table_iter_init (&iter, self->ids);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_variant_builder_add (&builder, "x", *(const gint64 *) key);
  return g_variant_builder_end (&builder);
}

/* A new one, since it is to stand for as long as one takes to read it. */
static void
ask (HfQuestion *self)
{
  const guint n = g_hash_table_size (self->ids);
  g_autofree char *title = g_strdup_printf (
      ngettext ("%u labelled picture has changed. Is its label still right?",
                "%u labelled pictures have changed. Are their labels still "
                "right?",
                n),
      n);

  drop_toast (self);
  self->toast = g_object_ref (adw_toast_new (title));
  adw_toast_set_timeout (self->toast, TOAST_SECONDS);
  adw_toast_set_button_label (self->toast, _("_Show"));
  adw_toast_set_action_name (self->toast, "win.show-labelled");
  adw_toast_set_action_target_value (self->toast, new_target (self));
  g_signal_connect_swapped (self->toast, "dismissed", G_CALLBACK (dismissed_cb),
                            self);
  adw_toast_overlay_add_toast (self->toasts, self->toast);
}

void
hf_question_add (HfQuestion *self, const GArray *image_ids)
{
  for (guint i = 0; i < image_ids->len; i++) {
    const gint64 *id = &g_array_index (image_ids, gint64, i);

    g_hash_table_add (self->ids, g_memdup2 (id, sizeof *id));
  }
  ask (self);
}
