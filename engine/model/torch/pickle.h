/* model/torch/pickle.h: a machine that reads the pickles PyTorch writes. It
 * builds plain data and calls nothing: what a pickle asks to be called must be
 * one of a few names that are known here as data (an ordered dictionary, a
 * tensor, a parameter); every other name ends the reading at once. */
#pragma once

#include "model/clip-config.h"

G_BEGIN_DECLS

typedef enum {
  HF_PICKLE_NONE,    /* and values that mean nothing for tensors */
  HF_PICKLE_BOOL,    /* integer */
  HF_PICKLE_INT,     /* integer */
  HF_PICKLE_LONG,    /* text: little-endian bytes of a number over 64 bits */
  HF_PICKLE_FLOAT,   /* not kept: no float of a pickle is of interest */
  HF_PICKLE_STRING,  /* text, UTF-8 */
  HF_PICKLE_BYTES,   /* text */
  HF_PICKLE_TUPLE,   /* items */
  HF_PICKLE_LIST,    /* items */
  HF_PICKLE_DICT,    /* items: key, value, key, value ... as they were set */
  HF_PICKLE_GLOBAL,  /* integer: what it stands for, the machine's business */
  HF_PICKLE_OBJECT,  /* state: a dictionary, or NULL */
  HF_PICKLE_STORAGE, /* storage */
  HF_PICKLE_TENSOR,  /* tensor */
} HfPickleKind;

typedef struct _HfPickleNode HfPickleNode;

/* A block of numbers that lies outside the pickle. */
typedef struct {
  const HfPickleNode *key; /* a STRING: its record's name */
  HfDtype dtype;
  gint64 n_elements;
  const guint8 *data; /* filled in by the reader of the container */
} HfPickleStorage;

/* A view of a storage; checked to lie within n_elements. */
typedef struct {
  HfPickleStorage *storage;
  gint64 offset; /* in elements */
  HfTensor view; /* without name and data */
} HfPickleTensor;

struct _HfPickleNode {
  HfPickleKind kind;
  union {
    gint64 integer;
    struct {
      const char *text; /* borrowed from the pickle, not ended by NUL */
      gsize length;
    };
    GPtrArray *items; /* of borrowed nodes, owned */
    HfPickleNode *state;
    HfPickleStorage *storage; /* owned */
    HfPickleTensor *tensor;   /* owned */
  };
};

typedef struct _HfPickle HfPickle;

/* Reads one pickle from the start of @bytes, which must outlive the result;
 * @n_read says where it ended. Bounded: at most a million nodes, whatever the
 * pickle says. Errors: HF_MODEL_ERROR_UNSAFE for a name that is code,
 * HF_MODEL_ERROR_FORMAT for the rest; messages continue "it". */
HfPickle *hf_pickle_read (const guint8 *bytes, gsize size_bytes, gsize *n_read,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_pickle_free (HfPickle *self);

/* The object itself; borrowed. The nodes may form circles. */
const HfPickleNode *hf_pickle_get_top (const HfPickle *self);

/* All storages the pickle speaks of, of HfPickleStorage, borrowed. */
GPtrArray *hf_pickle_get_storages (const HfPickle *self);

/* Questions to nodes. The value of a text key of a DICT, or NULL. */
const HfPickleNode *hf_pickle_node_get (const HfPickleNode *dict,
                                        const char *key);
gboolean hf_pickle_node_is_string (const HfPickleNode *node, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfPickle, hf_pickle_free)
G_END_DECLS
