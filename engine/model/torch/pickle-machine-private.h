/* model/torch/pickle-machine-private.h: the machine that opcodes work on: the
 * bytes that are left, a stack with marks on it, a memo, and all the nodes it
 * has made. Everything here is bounded; a step too far sets the error. */
#pragma once

#include "model/torch/pickle.h"

G_BEGIN_DECLS

struct _HfPickle {
  const guint8 *start;
  const guint8 *at;
  const guint8 *end;
  const guint8 *frame_end; /* or NULL outside frames */
  GPtrArray *nodes;        /* all, owned */
  GPtrArray *storages;     /* HfPickleStorage, borrowed */
  GPtrArray *stack;        /* borrowed nodes */
  GArray *marks;           /* guint: heights of the stack */
  GHashTable *memo;        /* index -> node */
  gsize n_items;           /* in all containers together */
  HfPickleNode *top;
};

/* Steps over @n bytes, which must lie in the frame, and returns them. */
const guint8 *hf_pickle_take_bytes (HfPickle *self, guint64 n, GError **error);

/* A little-endian number of @width bytes. */
gboolean hf_pickle_take_number (HfPickle *self, int width, guint64 *value,
                                GError **error);

/* One line of text, without its end. */
gboolean hf_pickle_take_line (HfPickle *self, const char **line, gsize *length,
                              GError **error);

/* FALSE also where @node is NULL, whose maker has set the error. */
gboolean hf_pickle_push (HfPickle *self, HfPickleNode *node, GError **error);

/* The top of the stack, or NULL. */
HfPickleNode *hf_pickle_peek (HfPickle *self, GError **error);
HfPickleNode *hf_pickle_pop (HfPickle *self, GError **error);

/* The height below which the opcodes after the last mark may not reach. */
guint hf_pickle_get_floor (const HfPickle *self);

/* Takes the last mark off; @height is where it was. */
gboolean hf_pickle_pop_mark (HfPickle *self, guint *height, GError **error);

/* Moves the stack from @height on into the items of @node. */
gboolean hf_pickle_move_items (HfPickle *self, guint height, HfPickleNode *node,
                               GError **error);

/* One opcode, which has been taken; any but STOP. */
gboolean hf_pickle_run_opcode (HfPickle *self, guint8 op, GError **error);

G_END_DECLS
