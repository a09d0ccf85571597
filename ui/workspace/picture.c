/* picture.c: see the header. */
#include "ui/workspace/items-private.h"

struct _HfPicture {
  GObject parent_instance;
  HfPictureInfo info;
  char *reason, *why;
};

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HfPicture, hf_picture, G_TYPE_OBJECT)

static void
hf_picture_finalize (GObject *object)
{
  HfPicture *self = HF_PICTURE (object);

  g_free (self->reason);
  g_free (self->why);
  G_OBJECT_CLASS (hf_picture_parent_class)->finalize (object);
}

static void
hf_picture_class_init (HfPictureClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hf_picture_finalize;
  signals[CHANGED] =
      g_signal_new ("changed", HF_TYPE_PICTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 0);
}

static void
hf_picture_init (HfPicture *self)
{
}

HfPicture *
hf_picture_new (gint64 id)
{
  HfPicture *self = g_object_new (HF_TYPE_PICTURE, NULL);

  self->info.id = id;
  return self;
}

const HfPictureInfo *
hf_picture_get_info (HfPicture *self)
{
  return &self->info;
}

HfPictureInfo *
hf_picture_edit (HfPicture *self)
{
  return &self->info;
}

void
hf_picture_changed (HfPicture *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* A sentence may name a class or a file, which are any bytes. */
static char *
dup_text (const char *sentence)
{
  return sentence != NULL ? g_utf8_make_valid (sentence, -1) : NULL;
}

void
hf_picture_set_reason (HfPicture *self, const char *reason)
{
  g_autofree char *old = self->reason;

  self->reason = dup_text (reason);
  self->info.reason = self->reason;
}

void
hf_picture_set_why (HfPicture *self, const char *why)
{
  g_autofree char *old = self->why;

  self->why = dup_text (why);
  self->info.why = self->why;
}
