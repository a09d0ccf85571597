/* words.c: see the header. */
#include "ui/gallery/words.h"

#include <glib/gi18n.h>

HfClassItem *
hf_words_find_class (GListModel *classes, gint64 id)
{
  guint n = classes != NULL ? g_list_model_get_n_items (classes) : 0;

  for (guint i = 0; i < n && id != 0; i++) {
    g_autoptr (HfClassItem) item = g_list_model_get_item (classes, i);

    if (hf_class_item_get_id (item) == id)
      return item; /* which the list holds */
  }
  return NULL;
}

char *
hf_words_dup_percent (double probability)
{
  int percent = (int) (probability * 100 + 0.5);

  /* Nothing that was learnt from a handful is certain. */
  return g_strdup_printf ("%d", CLAMP (percent, 0, 99));
}

static void
caption_label (HfCaption *out, const HfPictureInfo *info, GListModel *classes)
{
  HfClassItem *missed = hf_words_find_class (classes, info->missed_id);

  out->item = hf_words_find_class (classes, info->class_id);
  if (out->item != NULL)
    out->name = hf_class_item_get_name (out->item);
  if (info->gone)
    /* Translators: a picture whose file is not there any more. */
    out->figure = g_strdup (C_("picture", "gone"));
  if (missed == NULL || info->gone)
    return;
  out->missed = hf_class_item_get_name (missed);
  out->figure = hf_words_dup_percent (info->missed_probability);
}

static void
caption_prediction (HfCaption *out, const HfPictureInfo *info,
                    GListModel *classes)
{
  HfClassItem *item = hf_words_find_class (classes, info->predicted_id);

  out->is_quiet = TRUE;
  if (info->verdict == HF_VERDICT_UNKNOWN) {
    out->mark = HF_MARK_UNKNOWN;
    /* Translators: a picture that is like nothing labelled so far. */
    out->name = C_("picture", "unknown");
    return;
  }
  if (info->verdict == HF_VERDICT_UNSURE) {
    out->mark = HF_MARK_UNSURE;
  } else {
    out->item = item;
    out->hollow = TRUE;
  }
  if (item != NULL)
    out->name = hf_class_item_get_name (item);
  out->figure = hf_words_dup_percent (info->probability);
}

void
hf_caption_init (HfCaption *out, const HfPictureInfo *info, GListModel *classes)
{
  *out = (HfCaption){0};
  if (info->class_id != 0) {
    caption_label (out, info, classes);
  } else if (info->state == HF_PICTURE_UNREADABLE) {
    out->mark = HF_MARK_WARNING;
    out->is_quiet = TRUE;
    out->name = info->gone ? C_("picture", "gone")
                                 /* Translators: its file cannot be read. */
                                 : C_("picture", "unreadable");
  } else if (info->predicted_id != 0) {
    caption_prediction (out, info, classes);
  }
}

void
hf_caption_clear (HfCaption *self)
{
  g_clear_pointer (&self->figure, g_free);
}

/* "predicted good, 97 percent", or NULL. */
static char *
dup_prediction (const HfPictureInfo *info, GListModel *classes)
{
  HfClassItem *item = hf_words_find_class (classes, info->predicted_id);
  g_autofree char *percent = hf_words_dup_percent (info->probability);

  if (item == NULL)
    return NULL;
  if (info->verdict == HF_VERDICT_UNKNOWN)
    return g_strdup (_("unlike everything labelled"));
  if (info->verdict == HF_VERDICT_UNSURE)
    /* Translators: a class and a number from 0 to 99. */
    return g_strdup_printf (_("unsure, perhaps %s, %s percent"),
                               hf_class_item_get_name (item), percent);
  /* Translators: a class and a number from 0 to 99. */
  return g_strdup_printf (_("predicted %s, %s percent"),
                             hf_class_item_get_name (item), percent);
}

/* "labelled rusty, called good when held out, 71 percent", or NULL. */
static char *
dup_label (const HfPictureInfo *info, GListModel *classes)
{
  HfClassItem *item = hf_words_find_class (classes, info->class_id);
  HfClassItem *missed = hf_words_find_class (classes, info->missed_id);
  g_autofree char *percent = hf_words_dup_percent (info->missed_probability);

  if (item == NULL)
    return NULL;
  if (missed != NULL)
    /* Translators: two classes: the label, and what a probe says that was not
     * shown the label, with a number from 0 to 99. */
    return g_strdup_printf (
        _("labelled %s, called %s when held out, %s percent"),
           hf_class_item_get_name (item), hf_class_item_get_name (missed),
           percent);
  return g_strdup_printf (_("labelled %s"), hf_class_item_get_name (item));
}

static char *
dup_state (const HfPictureInfo *info, GListModel *classes)
{
  char *words = dup_label (info, classes);

  if (info->state == HF_PICTURE_UNREADABLE) {
    g_autofree char *label = words;
    const char *reason = info->reason != NULL ? info->reason : _("unreadable");

    /* Translators: the label of a picture, and why it cannot be read. */
    return label != NULL ? g_strdup_printf (_("%s. %s"), label, reason)
                         : g_strdup (reason);
  }
  if (words == NULL)
    words = dup_prediction (info, classes);
  if (words == NULL)
    words = g_strdup (info->state == HF_PICTURE_WAITING
                      ? _("not looked at by the model yet")
                      : _("not labelled"));
  return words;
}

char *
hf_words_dup_label (const HfPictureInfo *info, GListModel *classes)
{
  g_autofree char *state = dup_state (info, classes);

  /* Translators: a file's name, and what is known of the picture. */
  return g_strdup_printf (_("%s, %s"), info->name, state);
}

char *
hf_words_dup_size (int width, int height, gint64 size_bytes)
{
  g_autofree char *pixels = width > 0 && height > 0
                                ? g_strdup_printf ("%d × %d", width, height)
                                : NULL;
  g_autofree char *bytes =
      size_bytes >= 0 ? g_format_size ((guint64) size_bytes) : NULL;

  if (pixels != NULL && bytes != NULL)
    return g_strdup_printf ("%s · %s", pixels, bytes);
  return g_strdup (pixels != NULL ? pixels : bytes != NULL ? bytes : "");
}

static void
add_line (GString *text, char *line)
{
  if (line != NULL && *line != '\0')
    g_string_append_printf (text, "\n%s", line);
  g_free (line);
}

char *
hf_words_dup_tooltip (const HfPictureInfo *info, GListModel *classes, int width,
                      int height, gint64 size_bytes)
{
  GString *text = g_string_new (NULL);
  g_autofree char *path = g_filename_display_name (info->path);

  g_string_append (text, path);
  add_line (text, hf_words_dup_size (width, height, size_bytes));
  if (info->group != NULL)
    /* Translators: a group of pictures that belong together, as of a lot. */
    add_line (text, g_strdup_printf (_("Group: %s"), info->group));
  if (info->sealed)
    add_line (text, g_strdup (_("Sealed for the acceptance test")));
  add_line (text, dup_state (info, classes));
  if (info->class_id != 0 && info->state != HF_PICTURE_UNREADABLE)
    add_line (text, dup_prediction (info, classes));
  add_line (text, g_strdup (info->why));
  return g_string_free (text, FALSE);
}
