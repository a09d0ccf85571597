/* doctor.c: see the header. */
#include "app/doctor.h"

#include "features/session.h"
#include "app/jobs/texts.h"
#include "app/models/catalogue.h"
#include "app/models/store.h"
#include "app/places.h"

#include <archive.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <json.h>
#include <libsoup/soup.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static void
finding_free (gpointer data)
{
  HfFinding *finding = data;

  g_free (finding->what);
  g_free (finding->advice);
  g_free (finding);
}

/* Takes both strings. */
static void
add (GPtrArray *findings, gboolean good, char *what, char *advice)
{
  HfFinding *finding = g_new0 (HfFinding, 1);

  finding->good = good;
  finding->what = what;
  finding->advice = advice;
  g_ptr_array_add (findings, finding);
}

static void
examine_versions (GPtrArray *findings)
{
  add (findings, TRUE,
       g_strdup_printf ("Handful %s, with GLib %u.%u.%u, %s, json-c %s, "
                        "libsoup %u.%u, GdkPixbuf %s",
                        hf_places_get_version (), glib_major_version,
                        glib_minor_version, glib_micro_version,
                        archive_version_string (), json_c_version (),
                        soup_get_major_version (), soup_get_minor_version (),
                        gdk_pixbuf_version),
       NULL);
}

static void
examine_devices (GPtrArray *findings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = hf_device_list (&error);

  if (devices == NULL) {
    add (findings, FALSE, g_strdup ("No OpenCL device"),
         g_strdup (error->message));
    return;
  }
  for (guint i = 0; i < devices->len; i++) {
    const HfDeviceInfo *info = devices->pdata[i];

    add (findings, info->usable,
         g_strdup_printf ("Device %s, %s (%s, %s)%s", info->id, info->name,
                          info->type, info->version,
                          info->chosen ? ", the one that is used" : ""),
         info->chosen ? NULL : g_strdup (info->reason));
  }
}

static void
examine_folder (GPtrArray *findings, const char *what, const char *folder,
                const char *consequence)
{
  g_autofree char *probe = g_build_filename (folder, ".handful-XXXXXX", NULL);
  int fd = -1;

  if (g_mkdir_with_parents (folder, 0777) == 0)
    fd = g_mkstemp (probe);
  if (fd < 0) {
    add (findings, FALSE,
         g_strdup_printf ("%s %s cannot be written", what, folder),
         g_strdup (consequence));
    return;
  }
  close (fd);
  g_unlink (probe);
  add (findings, TRUE, g_strdup_printf ("%s %s can be written", what, folder),
       NULL);
}

static void
examine_folders (GPtrArray *findings)
{
  g_autofree char *cache = hf_places_dup_cache ();
  g_autofree char *models = hf_places_dup_models ();

  examine_folder (findings, "The cache folder", cache,
                  "Kernels are built anew at every start, which takes "
                  "seconds; make it writable or set XDG_CACHE_HOME.");
  examine_folder (findings, "The model folder", models,
                  "Models cannot be added; make it writable or set "
                  "XDG_DATA_HOME.");
}

static void
examine_models (GPtrArray *findings)
{
  g_autoptr (GPtrArray) models = hf_store_list ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HfCatalogue) catalogue = hf_catalogue_load (&error);
  g_autoptr (GString) names = g_string_new (NULL);
  gboolean has_starter = FALSE;

  for (guint i = 0; i < models->len; i++) {
    const HfStoredModel *model = models->pdata[i];

    has_starter = has_starter || model->built_in;
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", model->name);
  }
  if (catalogue == NULL)
    add (findings, FALSE, g_strdup ("The catalogue of models cannot be read"),
         g_strdup (error->message));
  add (findings, has_starter,
       g_strdup_printf ("Models: %s", names->len > 0 ? names->str : "none"),
       has_starter ? NULL
                   : g_strdup ("The starter model is missing; install Handful "
                               "again, or set HANDFUL_DATA_DIR to its data."));
}

static gboolean
has_loader (const char *format)
{
  GSList *formats = gdk_pixbuf_get_formats ();
  gboolean found = FALSE;

  for (GSList *at = formats; at != NULL; at = at->next) {
    g_autofree char *name = gdk_pixbuf_format_get_name (at->data);

    found = found || g_str_equal (name, format);
  }
  g_slist_free (formats);
  return found;
}

/* JPEG, PNG and TIFF are read by libraries that are linked. */
static void
examine_loaders (GPtrArray *findings)
{
  static const char *const formats[] = {"webp", "bmp", "gif"};
  g_autoptr (GString) there = g_string_new ("jpeg png tiff");
  g_autoptr (GString) missing = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    GString *list = has_loader (formats[i]) ? there : missing;

    g_string_append_printf (list, " %s", formats[i]);
  }
  add (findings, missing->len == 0,
       g_strdup_printf ("Picture formats: %s%s%s", there->str,
                        missing->len > 0 ? "; missing:" : "", missing->str),
       missing->len == 0
           ? NULL
           : g_strdup ("Install the loaders: on Debian, libgdk-pixbuf-2.0-0 "
                       "and webp-pixbuf-loader."));
}

/* One text through the starter model: device, kernels, model and tokenizer
 * all have to work for this. */
static gboolean
do_main_job (GError **error)
{
  static const char *const written[] = {"a photo of a bearing ring", NULL};
  g_autofree char *path = hf_store_dup_path (HF_STORE_STARTER, error);
  HfSessionOptions options = {.model_path = path,
                              .precision = HF_PRECISION_F16,
                              .towers = HF_CLIP_TEXTS};
  g_autoptr (HfSession) session = NULL;
  g_autoptr (HfTexts) texts = NULL;
  g_autofree float *row = NULL;
  const HfClipConfig *config;
  const HfTokenizer *tokenizer;

  if (path == NULL)
    return FALSE;
  session = hf_session_open (&options, NULL, error);
  if (session == NULL)
    return FALSE;
  tokenizer = hf_session_get_tokenizer (session, error);
  if (tokenizer == NULL)
    return FALSE;
  config = hf_model_file_get_config (hf_session_get_model (session));
  texts = hf_texts_new (tokenizer, written, (gsize) config->context_length);
  row = g_new (float, config->embed_dim);
  return hf_session_encode_texts (session, hf_texts_get_ids (texts),
                                  hf_texts_get_n_ids (texts), 1, row, error);
}

static gboolean
examine_main_job (GPtrArray *findings)
{
  g_autoptr (GError) error = NULL;

  if (do_main_job (&error)) {
    add (findings, TRUE, g_strdup ("The starter model computes"), NULL);
    return TRUE;
  }
  add (findings, FALSE, g_strdup ("The starter model does not compute"),
       g_strdup (error->message));
  return FALSE;
}

GPtrArray *
hf_doctor_examine (gboolean *works)
{
  GPtrArray *findings = g_ptr_array_new_with_free_func (finding_free);

  examine_versions (findings);
  examine_devices (findings);
  examine_folders (findings);
  examine_models (findings);
  examine_loaders (findings);
  *works = examine_main_job (findings);
  return findings;
}
