/* alike.c: see the header. Names are looked up by what similar ones share: a
 * list whose labels are of the wrong column may have as many as it has lines.
 */
#include "app/study/alike.h"

#include "app/project/classes.h"

#include <glib/gi18n-lib.h>

typedef struct {
  GHashTable *known;   /* names that stay, as they are */
  GHashTable *similar; /* what similar names share, to the name they get */
} Names;

static void
names_clear (Names *self)
{
  g_clear_pointer (&self->known, g_hash_table_unref);
  g_clear_pointer (&self->similar, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Names, names_clear)

/* What @name is called from now on. */
static const char *
settle (Names *self, const char *name)
{
  g_autofree char *plain = hf_class_dup_plain_name (name);
  const char *first = g_hash_table_lookup (self->similar, plain);

  if (g_hash_table_contains (self->known, name))
    return name;
  if (first != NULL)
    return first;
  g_hash_table_insert (self->similar, g_steal_pointer (&plain),
                       (gpointer) name);
  return name;
}

static void
names_init (Names *self, const GPtrArray *known)
{
  self->known = g_hash_table_new (g_str_hash, g_str_equal);
  self->similar = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; known != NULL && i < known->len; i++) {
    settle (self, known->pdata[i]);
    g_hash_table_add (self->known, known->pdata[i]);
  }
}

static void
add_note (GPtrArray *notes, const char *name, const char *as)
{
  g_autofree char *sentence = g_strdup_printf (
      _("\"%s\" was taken for the class \"%s\": the names differ by capital "
        "letters, stored accents or blanks at their ends alone."),
         name, as);

  /* A name is any bytes, a sentence is text. */
  g_ptr_array_add (notes, g_utf8_make_valid (sentence, -1));
}

static int
add_class (HfSamples *self, const HfSampleClass *class, const char *name)
{
  int place = hf_samples_add_class (self, name, class->kind);

  if (class->kind == HF_CLASS_GOOD)
    ((HfSampleClass *) self->classes->pdata[place])->kind = HF_CLASS_GOOD;
  return place;
}

void
hf_samples_join_alike (HfSamples *self, const GPtrArray *known,
                       GPtrArray *notes)
{
  g_autoptr (GPtrArray) old = self->classes;
  g_autofree int *places = g_new0 (int, old->len + 1);
  g_auto (Names) names = {0};

  names_init (&names, known);
  self->classes =
      g_ptr_array_new_with_free_func ((GDestroyNotify) hf_sample_class_free);
  for (guint i = 0; i < old->len; i++) {
    const HfSampleClass *class = old->pdata[i];
    const char *name = settle (&names, class->name);

    places[i] = add_class (self, class, name);
    if (notes != NULL && !g_str_equal (name, class->name))
      add_note (notes, class->name, name);
  }
  for (guint i = 0; i < self->samples->len; i++) {
    HfSample *sample = self->samples->pdata[i];

    if (sample->label >= 0)
      sample->label = places[sample->label];
  }
}
