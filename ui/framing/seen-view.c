/* seen-view.c: see the header. */
#include "ui/framing/seen-view.h"

#include "ui/application.h"
#include "ui/framing/seen.h"

#include <glib/gi18n.h>

#define SQUARES_PX 312
#define ONE_SQUARE_PX 224
#define GAP_PX 6

struct _HfSeenView {
  AdwBin parent_instance;

  GtkStack *stack;
  GtkGrid *squares;
  GtkLabel *reason;

  char *path;            /* what is wanted; NULL: nothing */
  HfSetup *setup;        /* of @path */
  GCancellable *looking; /* what is on the way, or NULL */
  gboolean look_again;   /* something else is wanted since */
  GPtrArray *seen;       /* of GdkTexture, or NULL */
};

G_DEFINE_FINAL_TYPE (HfSeenView, hf_seen_view, ADW_TYPE_BIN)

static void
clear_squares (HfSeenView *self)
{
  GtkWidget *child;

  g_clear_pointer (&self->seen, g_ptr_array_unref);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->squares))))
    gtk_grid_remove (self->squares, child);
}

static void
show_reason (HfSeenView *self, const char *text)
{
  clear_squares (self);
  gtk_label_set_text (self->reason, text);
  gtk_stack_set_visible_child_name (self->stack, "reason");
}

/* Tiles lie as they do in the picture; views in rows of four. */
static void
show_squares (HfSeenView *self)
{
  const HfFraming *framing = &self->setup->framing;
  const int n = (int) self->seen->len;
  const gboolean is_tiled = hf_framing_get_n_tiles (framing) > 1;
  const int across = is_tiled ? framing->n_columns : MIN (n, 4);
  const int side =
      n == 1 ? ONE_SQUARE_PX : (SQUARES_PX - (across - 1) * GAP_PX) / across;

  for (int i = 0; i < n; i++) {
    GtkWidget *square = gtk_picture_new_for_paintable (self->seen->pdata[i]);
    g_autofree char *text = g_strdup_printf (
        /* Translators: one of the squares that a model is given. */
        _("Square %d of %d"), i + 1, n);

    gtk_picture_set_alternative_text (GTK_PICTURE (square), text);
    gtk_widget_set_size_request (square, MIN (side, ONE_SQUARE_PX),
                                 MIN (side, ONE_SQUARE_PX));
    gtk_grid_attach (self->squares, square, i % across, i / across, 1, 1);
  }
  gtk_stack_set_visible_child_name (self->stack, "squares");
}

static void look (HfSeenView *self);

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HfSeenView *self = HF_SEEN_VIEW (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) seen = hf_seen_load_finish (result, &error);

  g_clear_object (&self->looking);
  if (self->path == NULL)
    return;
  if (self->look_again) {
    look (self);
    return;
  }
  if (seen == NULL) {
    show_reason (self, error->message);
    return;
  }
  clear_squares (self);
  self->seen = g_steal_pointer (&seen);
  show_squares (self);
}

/* One at a time: while a region is pulled, the newest is what counts. */
static void
look (HfSeenView *self)
{
  const HfSetup *setup = self->setup;

  self->look_again = self->looking != NULL;
  if (self->look_again)
    return;
  if (setup->side_px == 0) {
    g_autofree char *text = g_strdup_printf (
        /* Translators: %s is the name of a model. */
        _("The model %s is not installed, so what it would see is not known."),
           setup->model_name);

    show_reason (self, text);
    return;
  }
  self->looking = g_cancellable_new ();
  hf_seen_load_async (self, self->path, &setup->framing, setup->n_views,
                      setup->side_px, self->looking, looked_cb, NULL);
}

static void
hf_seen_view_dispose (GObject *object)
{
  HfSeenView *self = HF_SEEN_VIEW (object);

  hf_seen_view_stop (self);
  g_clear_pointer (&self->seen, g_ptr_array_unref);
  G_OBJECT_CLASS (hf_seen_view_parent_class)->dispose (object);
}

static void
hf_seen_view_class_init (HfSeenViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_seen_view_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/framing/seen-view.ui");
  gtk_widget_class_bind_template_child (widget_class, HfSeenView, stack);
  gtk_widget_class_bind_template_child (widget_class, HfSeenView, squares);
  gtk_widget_class_bind_template_child (widget_class, HfSeenView, reason);
}

static void
hf_seen_view_init (HfSeenView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
hf_seen_view_look (HfSeenView *self, const char *path, const HfSetup *setup)
{
  g_autofree char *wanted = g_strdup (path);

  hf_setup_free (self->setup);
  self->setup = hf_setup_copy (setup);
  g_free (self->path);
  self->path = g_steal_pointer (&wanted);
  look (self);
}

void
hf_seen_view_say (HfSeenView *self, const char *reason)
{
  hf_seen_view_stop (self);
  show_reason (self, reason);
}

void
hf_seen_view_stop (HfSeenView *self)
{
  g_cancellable_cancel (self->looking);
  self->look_again = FALSE;
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->setup, hf_setup_free);
}

const GPtrArray *
hf_seen_view_get_seen (HfSeenView *self)
{
  return self->looking == NULL ? self->seen : NULL;
}
