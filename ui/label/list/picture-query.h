/* ui/label/list/picture-query.h: which pictures a list shows, and in which
 * order. Plain values; main thread only. */
#pragma once

#include "ui/workspace/picture.h"

G_BEGIN_DECLS

/* The order is that of the sidebar. */
typedef enum {
  HF_VIEW_NEXT, /* suggestions */
  HF_VIEW_ALL,
  HF_VIEW_UNLABELLED, /* and readable */
  HF_VIEW_LABELLED,
  HF_VIEW_DOUBTFUL,
  HF_VIEW_WRONG,
  HF_VIEW_UNREADABLE,
  HF_N_VIEWS
} HfPictureView;

typedef enum {
  HF_ORDER_NEWEST, /* the newest label first, then what was added last */
  HF_ORDER_NAME,
  HF_ORDER_SUREST,
  HF_ORDER_LEAST_SURE,
  HF_ORDER_GROUP,
  HF_N_ORDERS
} HfPictureOrder;

typedef struct {
  HfPictureView view;
  gint64 class_id;      /* labelled with it; 0: any */
  gint64 missed_id;     /* held out, called this class; 0: any */
  gint64 source_id;     /* 0: any */
  const char *words;    /* folded by hf_picture_query_fold; NULL: any name */
  HfPictureOrder order; /* of every view but the suggestions', which have their
                           own */
} HfPictureQuery;

/* The views that show a picture, as a set of bits 1 << HfPictureView. */
guint hf_picture_query_get_views (const HfPictureInfo *info);

gboolean hf_picture_query_match (const HfPictureQuery *self,
                                 const HfPictureInfo *info);

/* What pictures are sorted by, the least first; equal ones keep the order of
 * the project. Groups are sorted by hf_shown_pictures. */
double hf_picture_query_get_key (const HfPictureQuery *self,
                                 const HfPictureInfo *info);

/* As names are compared with what is typed (caller frees); NULL for blanks. */
char *hf_picture_query_fold (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* "newest", "name", "surest", "least-sure", "group": what is remembered. */
const char *hf_picture_order_get_name (HfPictureOrder self);
/* Anything else is "name". */
HfPictureOrder hf_picture_order_parse (const char *name);

/* "next", "all", "unlabelled", "labelled", "doubtful", "wrong",
 * "unreadable"; anything else is "all". */
const char *hf_picture_view_get_name (HfPictureView self);
HfPictureView hf_picture_view_parse (const char *name);

G_END_DECLS
