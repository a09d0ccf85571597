/* plain-tiles.c: see the header. */
#include "ui/label/plain-tiles.h"

#include "ui/workspace/picture.h"

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *picture = gtk_image_new ();

  gtk_image_set_pixel_size (GTK_IMAGE (picture), 152);
  gtk_box_append (GTK_BOX (box), picture);
  gtk_box_append (GTK_BOX (box),
                  g_object_new (GTK_TYPE_LABEL, "ellipsize",
                                PANGO_ELLIPSIZE_END, "width-chars", 8,
                                "max-width-chars", 8, NULL));
  gtk_list_item_set_child (item, box);
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *item)
{
  const HfPictureInfo *info =
      hf_picture_get_info (gtk_list_item_get_item (item));
  GtkWidget *picture =
      gtk_widget_get_first_child (gtk_list_item_get_child (item));

  gtk_image_set_from_file (GTK_IMAGE (picture), info->path);
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_next_sibling (picture)),
                      info->name);
}

GtkListItemFactory *
hf_plain_tiles_new (void)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  return factory;
}
