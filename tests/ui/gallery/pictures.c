#include "pictures.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>

GListStore *
pictures_new_classes (void)
{
  static const struct {
    const char *name, *colour, *key;
    HfClassKind kind;
  } rows[] = {{"good", "#009e73", "1", HF_CLASS_GOOD},
              {"rusty", "#e69f00", "2", HF_CLASS_DEFECT},
              {"cracked", "#56b4e9", "3", HF_CLASS_DEFECT}};
  GListStore *classes = g_list_store_new (HF_TYPE_CLASS_ITEM);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    HfProjectClass class = {(gint64) i + 1,       (char *) rows[i].name,
                            rows[i].kind,         "",
                            (char *) rows[i].key, 4};
    g_autoptr (HfClassItem) item = NULL;

    g_strlcpy (class.colour, rows[i].colour, sizeof (class.colour));
    item = hf_class_item_new (&class);
    g_list_store_append (classes, item);
  }
  return classes;
}

HfPicture *
pictures_new (gint64 id, const char *path)
{
  HfPicture *picture = hf_picture_new (id);
  HfPictureInfo *info = hf_picture_edit (picture);
  g_autofree char *name = g_filename_display_basename (path);

  info->path = g_intern_string (path);
  info->name = g_intern_string (name);
  return picture;
}

void
pictures_vary (HfPicture *picture, int i)
{
  HfPictureInfo *info = hf_picture_edit (picture);
  static const char *const reasons[] = {"typical of 214 unlabelled",
                                        "good 51 / rusty 49", "random check",
                                        "like none of the 3 classes"};

  info->state = HF_PICTURE_READY;
  info->predicted_id = 1 + i % 3;
  info->probability = (float) (0.51 + (i * 7 % 49) / 100.0);
  info->verdict = i % 3 == 0 ? HF_VERDICT_PASS : HF_VERDICT_REJECT;
  hf_picture_set_why (picture, reasons[i % 4]);
  switch (i % 11) {
  case 0:
  case 1:
    info->class_id = 1 + i % 2;
    break;
  case 3:
    info->verdict = HF_VERDICT_UNSURE;
    break;
  case 5:
    info->class_id = 2;
    info->missed_id = 1;
    info->missed_probability = 0.71f;
    break;
  case 7:
    info->verdict = HF_VERDICT_UNKNOWN;
    break;
  case 8:
    info->state = HF_PICTURE_WAITING;
    info->predicted_id = 0;
    break;
  default:
    break;
  }
  hf_picture_changed (picture);
}

static void
add_folder (GListStore *list, const char *path)
{
  GDir *dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);
    guint n = g_list_model_get_n_items (G_LIST_MODEL (list));

    if (g_file_test (child, G_FILE_TEST_IS_DIR)) {
      add_folder (list, child);
    } else if (g_str_has_suffix (name, ".png") ||
               g_str_has_suffix (name, ".jpg")) {
      g_autoptr (HfPicture) picture = pictures_new (n + 1, child);

      g_list_store_append (list, picture);
    }
  }
  if (dir != NULL)
    g_dir_close (dir);
}

GListStore *
pictures_new_list (char **folders, int n_folders)
{
  GListStore *list = g_list_store_new (HF_TYPE_PICTURE);

  for (int i = 0; i < n_folders; i++) {
    g_autofree char *path = g_canonicalize_filename (folders[i], NULL);

    add_folder (list, path);
  }
  return list;
}

GListStore *
pictures_make (int n, char **folder)
{
  GListStore *list = g_list_store_new (HF_TYPE_PICTURE);

  *folder = g_dir_make_tmp ("handful-pictures-XXXXXX", NULL);
  for (int i = 0; i < n; i++) {
    g_autofree char *name = g_strdup_printf ("part %04d.png", i);
    g_autofree char *path = g_build_filename (*folder, name, NULL);
    g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (
        GDK_COLORSPACE_RGB, FALSE, 8, 90 + i * 3 % 210, 60 + i * 2 % 140);
    g_autoptr (HfPicture) picture = pictures_new (i + 1, path);

    gdk_pixbuf_fill (pixbuf, (guint32) i * 2654435761u | 0xff);
    gdk_pixbuf_save (pixbuf, path, "png", NULL, NULL);
    g_list_store_append (list, picture);
  }
  return list;
}

void
pictures_remove (char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *child = g_build_filename (folder, name, NULL);

    g_unlink (child);
  }
  if (dir != NULL)
    g_dir_close (dir);
  g_rmdir (folder);
  g_free (folder);
}
