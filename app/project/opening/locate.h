/* app/project/opening/locate.h: which project is meant by what the user points
 * at: a project, a folder of pictures, or pictures. Touches nothing. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define HF_LOCATE_ERROR (hf_locate_error_quark ())

typedef enum {
  HF_LOCATE_ERROR_BUNDLE, /* a .probe, which is no project */
  HF_LOCATE_ERROR_KIND,   /* neither folder nor project nor picture */
} HfLocateError;

GQuark hf_locate_error_quark (void);

#define HF_PROJECT_SUFFIX ".handful"

typedef struct {
  char *path;       /* of the project, there or to be made */
  gboolean exists;  /* whether it is there */
  char *folder;     /* of pictures; NULL where the project itself was named */
  gsize n_projects; /* in that folder; @path is the newest of them */
} HfLocation;

void hf_location_clear (HfLocation *self);

/* A folder's project is the newest *.handful in it, else FOLDER/FOLDER.handful
 * to be made; where nothing can be written, one of the user's data folder that
 * belongs to this folder alone. A picture means its folder. GFileError if
 * @named is not there or cannot be read. */
gboolean hf_locate (const char *named, HfLocation *location, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfLocation, hf_location_clear)
G_END_DECLS
