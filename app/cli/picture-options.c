/* picture-options.c: see the header. */
#include "app/cli/picture-options.h"

#include "app/cli/output.h"
#include "app/cli/task.h"
#include "app/jobs/cache.h"
#include "app/models/store.h"
#include "app/project/sources.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

GOptionEntry *
hf_picture_options_dup_entries (HfPictureOptions *self, const GOptionEntry *own)
{
  const GOptionEntry common[] = {
      {"model", 'm', 0, G_OPTION_ARG_FILENAME, &self->model_name,
       "An installed model, a model file or its folder (default: starter)",
       "M"},
      {"device", 'd', 0, G_OPTION_ARG_FILENAME, &self->device,
       "Device by its number or a part of its name (default: the fastest)",
       "D"},
      {"precision", 'p', 0, G_OPTION_ARG_FILENAME, &self->precision_name,
       HF_OPTIONS_PRECISION_HELP, "P"},
      {"framing", 0, 0, G_OPTION_ARG_FILENAME, &self->framing_name,
       "crop (default), whole, or region:X,Y,W,H[:whole] in fractions", "F"},
      {"views", 0, 0, G_OPTION_ARG_FILENAME, &self->views_text,
       "1 (default), or 4 or 8 for parts that lie any way round", "N"},
      {"no-cache", 0, 0, G_OPTION_ARG_NONE, &self->no_cache,
       "Compute everything, and remember nothing", NULL},
      {"strict", 0, 0, G_OPTION_ARG_NONE, &self->strict,
       "A text longer than the model reads is an error", NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->paths,
       NULL, NULL},
      {NULL},
  };

  return hf_options_join ((const GOptionEntry *const[]){own, common, NULL});
}

void
hf_picture_options_clear (HfPictureOptions *self)
{
  g_free (self->model_name);
  g_free (self->device);
  g_free (self->precision_name);
  g_free (self->framing_name);
  g_free (self->views_text);
  g_free (self->model_path);
  g_strfreev (self->paths);
}

gboolean
hf_picture_options_resolve (HfPictureOptions *self, const HfVerb *verb,
                            int *status)
{
  const char *model =
      self->model_name != NULL ? self->model_name : HF_STORE_STARTER;
  g_autoptr (GError) error = NULL;

  *status = HF_EXIT_USAGE;
  if (!hf_options_read_precision (verb, self->precision_name, &self->precision))
    return FALSE;
  if (!hf_options_read_views (verb, self->views_text, &self->n_views))
    return FALSE;
  if (self->framing_name != NULL &&
      !hf_framing_parse (self->framing_name, &self->framing, &error)) {
    hf_options_refuse (verb, "%s", error->message);
    return FALSE;
  }
  if (self->framing.kind == HF_FRAMING_TILES) {
    hf_options_refuse (verb,
                       "The framing %s makes several rows of a picture, "
                       "and this verb makes one. Use crop, whole or a "
                       "region.",
                       self->framing_name);
    return FALSE;
  }
  self->model_path = hf_options_dup_model (model);
  if (self->model_path != NULL)
    return TRUE;
  *status = HF_EXIT_FAILED;
  return FALSE;
}

/* All of stdin. A NUL would end the list in its middle, unnoticed. */
static char *
read_stdin (GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char chunk[4096];

  for (;;) {
    gssize n = read (STDIN_FILENO, chunk, sizeof chunk);

    if (n == 0)
      break;
    if (n > 0) {
      g_string_append_len (text, chunk, n);
      continue;
    }
    if (errno != EINTR) {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   "The list of pictures on stdin cannot be read: %s.",
                   g_strerror (errno));
      return NULL;
    }
  }
  if (strlen (text->str) != text->len) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "The list of pictures on stdin holds a NUL byte; write one "
                 "path a line (with find: -print, not -print0).");
    return NULL;
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Adds the list on stdin, which is expected to name something. */
static gboolean
add_stdin (HfPictures *pictures, HfProgress *progress, GError **error)
{
  const GPtrArray *refusals = hf_pictures_get_refusals (pictures);
  gsize n_before = hf_pictures_get_n (pictures) + refusals->len;
  g_autofree char *lines = read_stdin (error);

  if (lines == NULL || !hf_pictures_add_list (pictures, lines, progress, error))
    return FALSE;
  if (hf_pictures_get_n (pictures) + refusals->len == n_before)
    hf_pictures_refuse (pictures, "-",
                        "The list on stdin names no picture; write one path a "
                        "line.");
  return TRUE;
}

void
hf_picture_options_tell_links (gsize n_links)
{
  if (n_links == 1)
    hf_complain ("One link to a folder was passed over; name that folder "
                 "itself to have its pictures.");
  else if (n_links > 1)
    hf_complain ("%" G_GSIZE_FORMAT " links to folders were passed over; name "
                 "those folders themselves to have their pictures.",
                 n_links);
}

void
hf_picture_options_tell_others (HfProject *project, const GArray *ids)
{
  g_autofree char *first =
      ids->len > 0 ? hf_project_dup_image_path (
                         project, g_array_index (ids, gint64, 0), NULL)
                   : NULL;

  if (first != NULL)
    hf_complain ("Labelled pictures whose files are other pictures now: %u, "
                 "the first of them %s. See whether their labels still hold; "
                 "label set, or project add-source on their folder, takes "
                 "them as they are.",
                 ids->len, first);
}

HfPictures *
hf_picture_options_collect (const HfPictureOptions *self, HfProgress *progress,
                            GError **error)
{
  g_autoptr (HfPictures) pictures = hf_pictures_new ();

  for (char **path = self->paths; path != NULL && *path != NULL; path++) {
    gboolean ok = g_str_equal (*path, "-")
                      ? add_stdin (pictures, progress, error)
                      : hf_pictures_add (pictures, *path, progress, error);

    if (!ok)
      return NULL;
  }
  hf_picture_options_tell_links (hf_pictures_get_links (pictures)->len);
  return g_steal_pointer (&pictures);
}

void
hf_picture_tools_clear (HfPictureTools *self)
{
  g_clear_pointer (&self->extractor, hf_extractor_free);
  g_clear_pointer (&self->store, hf_feature_store_close);
}

gboolean
hf_picture_options_open (const HfPictureOptions *self, gboolean with_texts,
                         HfPictureTools *tools, HfProgress *progress,
                         GError **error)
{
  g_autofree char *path = hf_cache_dup_path ();
  HfExtractorOptions options = {.model_path = self->model_path,
                                .device = self->device,
                                .precision = self->precision,
                                .framing = self->framing,
                                .n_views = self->n_views,
                                .blocks = HF_BLOCK_CLIP,
                                .no_look = TRUE,
                                .fresh = self->no_cache,
                                .with_texts = with_texts,
                                .log = hf_task_log};

  tools->store = hf_cache_open (path, hf_task_log, NULL);
  tools->extractor =
      hf_extractor_open (&options, tools->store, progress, error);
  return tools->extractor != NULL;
}

HfTexts *
hf_picture_options_read_texts (const HfPictureOptions *self,
                               const HfPictureTools *tools,
                               const char *const *texts, gboolean *too_long,
                               GError **error)
{
  g_autoptr (HfTokenizer) tokenizer = hf_tokenizer_new (error);
  HfTexts *read;

  if (tokenizer == NULL)
    return NULL;
  read = hf_texts_new (tokenizer, texts,
                       hf_extractor_get_context_length (tools->extractor));
  *too_long = !hf_options_warn_cut (read, self->strict);
  return read;
}
