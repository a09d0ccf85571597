/* Getting a model in the Models window, from a server in this process. */
#include "patience.h"
#include "stage.h"

#include "app/places.h"
#include "ui/models/model-row.h"
#include "ui/models/models-window.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME "open_clip_model.safetensors"

/* The starter's weights, of which the first answer sends the half. */
typedef struct {
  SoupServer *server;
  GBytes *file;
  SoupServerMessage *stalled; /* that answer */
  guint n_asked;
  goffset first; /* of the bytes that were asked for last */
} Origin;

typedef struct {
  Origin origin;
  HfModelShelf *shelf;
  GtkWidget *window;
  char *refused; /* what was said of the last failure */
} Setting;

static goffset
read_first (SoupServerMessage *message)
{
  const char *range = soup_message_headers_get_one (
      soup_server_message_get_request_headers (message), "Range");

  return range != NULL ? g_ascii_strtoll (range + strlen ("bytes="), NULL, 10)
                       : 0;
}

/* An answer that says less than it promised waits for more. */
static void
serve_cb (SoupServer *server, SoupServerMessage *message, const char *path,
          GHashTable *query, gpointer data)
{
  Origin *self = data;
  SoupMessageHeaders *headers =
      soup_server_message_get_response_headers (message);
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  const goffset n = (goffset) g_bytes_get_size (self->file);
  const gboolean stalls = self->n_asked++ == 0 && g_str_equal (path, "/small");
  g_autoptr (GBytes) part = NULL;

  self->first = read_first (message);
  part = g_bytes_new_from_bytes (self->file, (gsize) self->first,
                                 (gsize) ((stalls ? n / 2 : n) - self->first));
  soup_server_message_set_status (message, self->first > 0 ? 206 : 200, NULL);
  soup_message_headers_replace (headers, "ETag", "\"one\"");
  if (self->first > 0)
    soup_message_headers_set_content_range (headers, self->first, n - 1, n);
  soup_message_headers_set_content_length (headers, n - self->first);
  soup_message_body_append_bytes (body, part);
  if (stalls)
    self->stalled = g_object_ref (message);
  else
    soup_message_body_complete (body);
}

/* A little more of the first answer. */
static void
send_more (Origin *self)
{
  g_autoptr (GBytes) part = g_bytes_new_from_bytes (
      self->file, g_bytes_get_size (self->file) / 2, 4096);

  soup_message_body_append_bytes (
      soup_server_message_get_response_body (self->stalled), part);
  soup_server_message_unpause (self->stalled);
}

static void
start_origin (Origin *self)
{
  g_autofree char *path = hf_places_dup_data ("models/starter/" FILE_NAME);
  g_autoptr (GMappedFile) mapped = NULL;
  g_autoptr (GError) error = NULL;

  mapped = g_mapped_file_new (path, FALSE, &error);
  g_assert_no_error (error);
  self->file = g_mapped_file_get_bytes (mapped);
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, serve_cb, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY,
                            &error);
  g_assert_no_error (error);
}

static void
append_entry (GString *catalogue, const Origin *origin, const char *name,
              const char *sha256)
{
  GSList *uris = soup_server_get_uris (origin->server);

  g_string_append_printf (
      catalogue,
      "{\"name\": \"%s\", \"file\": \"" FILE_NAME "\","
      " \"url\": \"http://127.0.0.1:%d/%s\", \"sha256\": \"%s\","
      " \"about_bytes\": %zu, \"parameters\": 1, \"input_px\": 288,"
      " \"embed_dim\": 256, \"vision\": \"resnet\","
      " \"vision_layers\": [1, 1, 1, 1], \"vision_width\": 1,"
      " \"vision_heads\": 1, \"text_width\": 128, \"text_heads\": 1,"
      " \"text_layers\": 3, \"context_length\": 77, \"vocab_size\": 49408,"
      " \"activation\": \"quick_gelu\"}",
      name, g_uri_get_port (uris->data), name, sha256,
      g_bytes_get_size (origin->file));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

/* A data folder that lacks a catalogue; it is removed with all that the test
 * leaves. */
static char *
make_data (void)
{
  g_autofree char *real = hf_places_dup_data ("");
  char *folder = g_dir_make_tmp ("handful-data-XXXXXX", NULL);
  g_autoptr (GDir) dir = g_dir_open (real, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *from = g_build_filename (real, name, NULL);
    g_autofree char *to = g_build_filename (folder, name, NULL);

    if (!g_str_equal (name, "catalogue.json"))
      g_assert_cmpint (symlink (from, to), ==, 0);
  }
  return folder;
}

/* Of "small" and "forged", whose sum is another. */
static void
write_catalogue (const char *folder, const Origin *origin)
{
  g_autofree char *catalogue =
      g_build_filename (folder, "catalogue.json", NULL);
  g_autofree char *sum =
      g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, origin->file);
  g_autofree char *other = g_strnfill (64, '0');
  g_autoptr (GString) text = g_string_new ("{\"models\": [");

  append_entry (text, origin, "small", sum);
  g_string_append (text, ", ");
  append_entry (text, origin, "forged", other);
  g_string_append (text, "]}");
  g_assert_true (g_file_set_contents (catalogue, text->str, -1, NULL));
}

static void
refused_cb (HfModelShelf *shelf, const char *title, const GError *error,
            Setting *self)
{
  g_free (self->refused);
  self->refused = g_strdup (error->message);
}

static gboolean
is_row_of (GtkWidget *widget, gpointer name)
{
  return HF_IS_MODEL_ROW (widget) &&
         g_str_equal (
             adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)),
             name);
}

static GtkWidget *
find_row (Setting *self, const char *name)
{
  return stage_find_that (self->window, is_row_of, (gpointer) name);
}

static void
set_up (Setting *self, gconstpointer data_folder)
{
  start_origin (&self->origin);
  write_catalogue (data_folder, &self->origin);
  self->shelf = hf_model_shelf_new ();
  g_signal_connect (self->shelf, "failed", G_CALLBACK (refused_cb), self);
  self->window = hf_models_window_new (self->shelf);
  gtk_window_present (GTK_WINDOW (self->window));
  patience_until (find_row (self, "forged") != NULL);
}

static void
tear_down (Setting *self, gconstpointer unused)
{
  g_object_add_weak_pointer (G_OBJECT (self->window),
                             (gpointer *) &self->window);
  gtk_window_destroy (GTK_WINDOW (self->window));
  patience_until (self->window == NULL);
  g_signal_handlers_disconnect_by_data (self->shelf, self);
  g_object_add_weak_pointer (G_OBJECT (self->shelf), (gpointer *) &self->shelf);
  g_object_unref (self->shelf);
  patience_until (self->shelf == NULL);
  g_clear_object (&self->origin.stalled);
  soup_server_disconnect (self->origin.server);
  g_object_unref (self->origin.server);
  g_bytes_unref (self->origin.file);
  g_free (self->refused);
}

static const HfModelInfo *
get_info (Setting *self, const char *name)
{
  return hf_model_item_get_info (
      hf_model_row_get_item (HF_MODEL_ROW (find_row (self, name))));
}

static void
press (Setting *self, const char *name, const char *label)
{
  GtkWidget *button = stage_find_button (find_row (self, name), label);

  g_assert_nonnull (button);
  g_assert_true (gtk_widget_get_visible (button));
  g_signal_emit_by_name (button, "clicked");
}

static gboolean
has_tooltip (GtkWidget *widget, gpointer text)
{
  return GTK_IS_BUTTON (widget) &&
         g_strcmp0 (gtk_widget_get_tooltip_text (widget), text) == 0;
}

/* How much of "small" the row shows; 0 before and after. */
static double
get_shown (Setting *self)
{
  GtkWidget *bar =
      stage_find (find_row (self, "small"), GTK_TYPE_PROGRESS_BAR, "bar");

  return get_info (self, "small")->state == HF_MODEL_COMING
             ? gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (bar))
             : 0;
}

static gboolean
is_half_there (gpointer setting)
{
  return get_shown (setting) > 0.45;
}

static gboolean
is_broken_off (gpointer setting)
{
  const HfModelInfo *info = get_info (setting, "small");

  return info->state == HF_MODEL_AVAILABLE && info->come_bytes > 0;
}

static gboolean
is_installed (gpointer setting)
{
  return get_info (setting, "small")->state == HF_MODEL_INSTALLED;
}

static void
test_goes_on (Setting *self, gconstpointer unused)
{
  GtkWidget *pause;
  guint64 come_bytes;

  press (self, "small", "Get");
  patience_for (is_half_there, self);
  g_assert_cmpfloat (get_shown (self), <, 0.55);
  pause =
      stage_find (find_row (self, "small"), GTK_TYPE_TOGGLE_BUTTON, "pause");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (pause), TRUE);
  g_assert_true (hf_job_get_paused (get_info (self, "small")->job));
  g_assert_nonnull (strstr (
      adw_action_row_get_subtitle (ADW_ACTION_ROW (find_row (self, "small"))),
      "paused"));
  /* A pause is no place to be stuck in. */
  send_more (&self->origin);
  g_signal_emit_by_name (
      stage_find_that (find_row (self, "small"), has_tooltip, "Cancel"),
      "clicked");
  patience_for (is_broken_off, self);
  come_bytes = get_info (self, "small")->come_bytes;
  g_assert_cmpuint (come_bytes, >=, g_bytes_get_size (self->origin.file) / 2);
  g_assert_null (self->refused);
  press (self, "small", "Go On");
  patience_for (is_installed, self);
  g_assert_cmpint (self->origin.first, ==, (goffset) come_bytes);
  g_assert_cmpuint (self->origin.n_asked, ==, 2);
  g_assert_nonnull (strstr (
      adw_action_row_get_subtitle (ADW_ACTION_ROW (find_row (self, "small"))),
      "verified"));
}

static void
test_forged (Setting *self, gconstpointer unused)
{
  g_autofree char *sum =
      g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, self->origin.file);

  press (self, "forged", "Get");
  patience_until (self->refused != NULL);
  g_assert_nonnull (strstr (self->refused, sum));
  patience_until (get_info (self, "forged")->state == HF_MODEL_AVAILABLE);
  g_assert_cmpuint (get_info (self, "forged")->come_bytes, ==, 0);
}

int
main (int argc, char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("handful-home-XXXXXX", NULL);
  g_autofree char *data = make_data ();

  /* Before GTK has threads, which read variables. */
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_setenv ("HANDFUL_DATA_DIR", data, TRUE);
  hf_device_prepare_environment (0);
  g_test_init (&argc, &argv, NULL);
  stage_init ();
  g_test_add ("/models/download/is-cancelled-and-goes-on-where-it-was", Setting,
              data, set_up, test_goes_on, tear_down);
  g_test_add ("/models/download/of-another-sum-is-refused-with-both", Setting,
              data, set_up, test_forged, tear_down);
  return g_test_run ();
}
