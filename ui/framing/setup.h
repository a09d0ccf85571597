/* ui/framing/setup.h: how a project's pictures are looked at, read and written
 * as one. */
#pragma once

#include "ui/workspace/workspace.h"

#include "image/framing.h"

G_BEGIN_DECLS

typedef struct {
  HfFraming framing;
  int n_views;
  char *background; /* path, or NULL */

  /* Read only, of the project's model. */
  int side_px;      /* of its square; 0: there is no such model */
  double ms;        /* for a square, as measured before; 0: never was */
  char *model_name; /* for messages */
} HfSetup;

HfSetup *hf_setup_copy (const HfSetup *self);
void hf_setup_free (HfSetup *self);
/* Whether pictures are looked at in the same way. */
gboolean hf_setup_equal (const HfSetup *a, const HfSetup *b);

/* @done gets the project's, or an error; it belongs to the caller. Main thread.
 * @owner is held until then. */
typedef void (*HfSetupFunc) (gpointer owner, HfSetup *setup,
                             const GError *error);
void hf_setup_read (HfWorkspace *workspace, GObject *owner, HfSetupFunc done);

/* Writes @setup (copied); @done gets what the project held before. */
void hf_setup_write (HfWorkspace *workspace, const HfSetup *setup,
                     GObject *owner, HfSetupFunc done);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfSetup, hf_setup_free)
G_END_DECLS
