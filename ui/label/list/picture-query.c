/* picture-query.c: see the header. */
#include "ui/label/list/picture-query.h"

#include <math.h>
#include <string.h>

static const char *const order_names[HF_N_ORDERS] = {"newest", "name", "surest",
                                                     "least-sure", "group"};
static const char *const view_names[HF_N_VIEWS] = {
    "next", "all", "unlabelled", "labelled", "doubtful", "wrong", "unreadable"};

guint
hf_picture_query_get_views (const HfPictureInfo *info)
{
  gboolean labelled = info->class_id != 0;
  gboolean unreadable = info->state == HF_PICTURE_UNREADABLE;
  guint views = 1u << HF_VIEW_ALL;

  views |= (guint) (info->next > 0) << HF_VIEW_NEXT;
  views |= (guint) (!labelled && !unreadable) << HF_VIEW_UNLABELLED;
  views |= (guint) labelled << HF_VIEW_LABELLED;
  views |= (guint) (info->doubtful != FALSE) << HF_VIEW_DOUBTFUL;
  views |= (guint) (labelled && info->missed_id != 0) << HF_VIEW_WRONG;
  views |= (guint) unreadable << HF_VIEW_UNREADABLE;
  return views;
}

/* Most names are plain, and there may be 100,000 of them. */
static gboolean
has_plain_words (const char *name, const char *words)
{
  for (; *name != '\0'; name++) {
    gsize i = 0;

    while (words[i] != '\0' && g_ascii_tolower (name[i]) == words[i])
      i++;
    if (words[i] == '\0')
      return TRUE;
  }
  return FALSE;
}

static gboolean
has_words (const HfPictureInfo *info, const char *words)
{
  g_autofree char *name = NULL;

  if (g_str_is_ascii (info->name))
    return has_plain_words (info->name, words);
  name = hf_picture_query_fold (info->name);
  return name != NULL && strstr (name, words) != NULL;
}

gboolean
hf_picture_query_match (const HfPictureQuery *self, const HfPictureInfo *info)
{
  if ((hf_picture_query_get_views (info) & (1u << self->view)) == 0)
    return FALSE;
  if (self->class_id != 0 && info->class_id != self->class_id)
    return FALSE;
  if (self->missed_id != 0 && info->missed_id != self->missed_id)
    return FALSE;
  if (self->source_id != 0 && info->source_id != self->source_id)
    return FALSE;
  return self->words == NULL || has_words (info, self->words);
}

double
hf_picture_query_get_key (const HfPictureQuery *self, const HfPictureInfo *info)
{
  gboolean predicted = info->predicted_id != 0;

  if (self->view == HF_VIEW_NEXT)
    return info->next;
  switch (self->order) {
  case HF_ORDER_NEWEST:
    /* Labels are fewer than 2^52, so both halves are exact. */
    return info->labelled > 0 ? -(double) info->labelled - 0x1p52
                              : -(double) info->id;
  case HF_ORDER_SUREST:
    return predicted ? -info->probability : INFINITY;
  case HF_ORDER_LEAST_SURE:
    return predicted ? info->probability : INFINITY;
  default:
    return 0;
  }
}

char *
hf_picture_query_fold (const char *text)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  g_autofree char *normal = NULL;

  if (*stripped == '\0')
    return NULL;
  if (g_str_is_ascii (stripped))
    return g_ascii_strdown (stripped, -1);
  normal = g_utf8_normalize (stripped, -1, G_NORMALIZE_ALL);
  return normal != NULL ? g_utf8_casefold (normal, -1) : NULL;
}

/* The index of @name among @names[@n], or @otherwise. */
static guint
find_name (const char *const *names, guint n, const char *name, guint otherwise)
{
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (names[i], name) == 0)
      return i;
  return otherwise;
}

const char *
hf_picture_order_get_name (HfPictureOrder self)
{
  return order_names[self];
}

HfPictureOrder
hf_picture_order_parse (const char *name)
{
  return (HfPictureOrder) find_name (order_names, HF_N_ORDERS, name,
                                     HF_ORDER_NAME);
}

const char *
hf_picture_view_get_name (HfPictureView self)
{
  return view_names[self];
}

HfPictureView
hf_picture_view_parse (const char *name)
{
  return (HfPictureView) find_name (view_names, HF_N_VIEWS, name, HF_VIEW_ALL);
}
