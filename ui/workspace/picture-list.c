/* picture-list.c: see the header. */
#include "ui/workspace/picture-list-private.h"

struct _HfPictureList {
  GObject parent_instance;
  GPtrArray *pictures;
};

static GType
hf_picture_list_get_item_type (GListModel *list)
{
  return HF_TYPE_PICTURE;
}

static guint
hf_picture_list_get_n_items (GListModel *list)
{
  return HF_PICTURE_LIST (list)->pictures->len;
}

static gpointer
hf_picture_list_get_item (GListModel *list, guint position)
{
  GPtrArray *pictures = HF_PICTURE_LIST (list)->pictures;

  return position < pictures->len ? g_object_ref (pictures->pdata[position])
                                  : NULL;
}

static void
hf_picture_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = hf_picture_list_get_item_type;
  iface->get_n_items = hf_picture_list_get_n_items;
  iface->get_item = hf_picture_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (
    HfPictureList, hf_picture_list, G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, hf_picture_list_model_init))

static void
hf_picture_list_finalize (GObject *object)
{
  g_ptr_array_unref (HF_PICTURE_LIST (object)->pictures);
  G_OBJECT_CLASS (hf_picture_list_parent_class)->finalize (object);
}

static void
hf_picture_list_class_init (HfPictureListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hf_picture_list_finalize;
}

static void
hf_picture_list_init (HfPictureList *self)
{
  self->pictures = g_ptr_array_new_with_free_func (g_object_unref);
}

HfPictureList *
hf_picture_list_new (void)
{
  return g_object_new (HF_TYPE_PICTURE_LIST, NULL);
}

void
hf_picture_list_take (HfPictureList *self, GPtrArray *pictures)
{
  g_autoptr (GPtrArray) old = self->pictures;
  guint n = MIN (old->len, pictures->len);
  guint front = 0, back = 0;

  while (front < n && old->pdata[front] == pictures->pdata[front])
    front++;
  while (back < n - front && old->pdata[old->len - 1 - back] ==
                                 pictures->pdata[pictures->len - 1 - back])
    back++;
  self->pictures = pictures;
  if (front + back < MAX (old->len, pictures->len))
    g_list_model_items_changed (G_LIST_MODEL (self), front,
                                old->len - front - back,
                                pictures->len - front - back);
}

GPtrArray *
hf_picture_list_get (HfPictureList *self)
{
  return self->pictures;
}
