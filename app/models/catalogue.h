/* app/models/catalogue.h: the models that can be fetched by name
 * (data/catalogue.json). Read-only once loaded. */
#pragma once

#include "model/clip-config.h"

G_BEGIN_DECLS

typedef struct {
  char *name; /* "ViT-L/14@336px" */
  char *file; /* "ViT-L-14-336px.pt" */
  char *url;
  char *sha256;      /* hex, of the file */
  gint64 size_bytes; /* about */
  gint64 n_parameters;
  double zero_shot_percent; /* right on ImageNet without a label; 0: unknown */
  int input_px, embed_dim;
  gboolean is_vit;
  int vision_layers[4]; /* ViT: [0] only */
  int vision_width, patch_px;
  int text_width, text_layers;
} HfCatalogueEntry;

typedef struct _HfCatalogue HfCatalogue;

/* Errors: GFileError, HfJsonError, naming the file. */
HfCatalogue *hf_catalogue_load (GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_catalogue_free (HfCatalogue *self);

guint hf_catalogue_get_n (const HfCatalogue *self);
const HfCatalogueEntry *hf_catalogue_get (const HfCatalogue *self, guint i);

/* By name, or by the name of its folder in the store; case, '/' and '@' do not
 * matter. NULL if there is none. Borrowed, as all of these. */
const HfCatalogueEntry *hf_catalogue_find (const HfCatalogue *self,
                                           const char *name);

/* By the checksum of the file; NULL if it is none of them. */
const HfCatalogueEntry *hf_catalogue_find_sha256 (const HfCatalogue *self,
                                                  const char *sha256);

/* By shape; NULL if none has it. */
const HfCatalogueEntry *hf_catalogue_find_shape (const HfCatalogue *self,
                                                 const HfClipConfig *config);

/* Whether two names mean the same model: see hf_catalogue_find. */
gboolean hf_model_names_equal (const char *a, const char *b);

/* Name of an entry's folder in the store: "ViT-L-14-336px" (caller frees). */
char *hf_catalogue_entry_dup_folder (const HfCatalogueEntry *entry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfCatalogue, hf_catalogue_free)
G_END_DECLS
