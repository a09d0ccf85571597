/* prompt-set.c: see the header. */
#include "app/prompts/prompt-set.h"

#include "clip/prompts.h"

#include <glib/gi18n-lib.h>

/* Stands in a prompt where a placeholder has nothing to say, until it is taken
 * out with the space beside it. No text that a user writes holds it. */
#define NOTHING "\x01"

static const char class_place[] = "class";

typedef struct {
  char *text;
  gboolean enabled;
  GPtrArray
      *by_class; /* char **, [n_classes]; fewer where there is a problem */
  GError *problem;
} Item;

struct _HfPromptSet {
  char **classes;
  guint n_classes;
  GPtrArray *items; /* Item *, a template each */
};

static void
template_free (gpointer data)
{
  HfPromptTemplate *template = data;

  g_free (template->text);
  g_free (template);
}

GPtrArray *
hf_prompt_templates_new (void)
{
  return g_ptr_array_new_with_free_func (template_free);
}

void
hf_prompt_templates_add (GPtrArray *self, const char *text, gboolean enabled)
{
  HfPromptTemplate *template = g_new0 (HfPromptTemplate, 1);

  template->text = g_strdup (text);
  template->enabled = enabled;
  g_ptr_array_add (self, template);
}

static void
filling_free (gpointer data)
{
  HfPromptFilling *filling = data;

  g_free (filling->place);
  g_free (filling->class_name);
  g_free (filling->text);
  g_free (filling);
}

GPtrArray *
hf_prompt_fillings_new (void)
{
  return g_ptr_array_new_with_free_func (filling_free);
}

void
hf_prompt_fillings_add (GPtrArray *self, const char *place,
                        const char *class_name, const char *text)
{
  HfPromptFilling *filling = g_new0 (HfPromptFilling, 1);

  filling->place = g_strdup (place);
  filling->class_name = g_strdup (class_name);
  filling->text = g_strdup (text);
  g_ptr_array_add (self, filling);
}

static void
item_free (gpointer data)
{
  Item *item = data;

  g_free (item->text);
  g_ptr_array_unref (item->by_class);
  g_clear_error (&item->problem);
  g_free (item);
}

/* Whether @filling counts for @class_name: its own, or one of all if it has
 * none of its own for that placeholder. */
static gboolean
counts_for (const GPtrArray *fillings, const HfPromptFilling *filling,
            const char *class_name)
{
  if (filling->class_name != NULL)
    return g_str_equal (filling->class_name, class_name);
  for (guint i = 0; i < fillings->len; i++) {
    const HfPromptFilling *other = fillings->pdata[i];

    if (g_str_equal (other->place, filling->place) &&
        g_strcmp0 (other->class_name, class_name) == 0)
      return FALSE;
  }
  return TRUE;
}

static void
free_texts (gpointer data)
{
  g_ptr_array_unref (data);
}

static GPtrArray *
get_texts (GHashTable *values, const char *place)
{
  GPtrArray *texts = g_hash_table_lookup (values, place);

  if (texts == NULL) {
    texts = g_ptr_array_new ();
    g_hash_table_insert (values, (gpointer) place, texts);
  }
  return texts;
}

/* Placeholder to its values for a class (GPtrArray of borrowed char *, NULL at
 * the end). */
static GHashTable *
new_values (const GPtrArray *fillings, const char *class_name)
{
  GHashTable *values =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_texts);
  GHashTableIter iter;
  gpointer place, texts;

  for (guint i = 0; i < fillings->len; i++) {
    const HfPromptFilling *filling = fillings->pdata[i];
    GPtrArray *of_place = get_texts (values, filling->place);

    if (counts_for (fillings, filling, class_name))
      g_ptr_array_add (of_place,
                       *filling->text != '\0' ? filling->text : NOTHING);
  }
  get_texts (values, class_place);
  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, &place, &texts)) {
    gboolean is_class = g_str_equal (place, class_place);

    if (((GPtrArray *) texts)->len == 0)
      g_ptr_array_add (texts, is_class ? (gpointer) class_name : NOTHING);
    g_ptr_array_add (texts, NULL);
  }
  return values;
}

/* Takes every NOTHING out of @prompt, in place, and the space behind it, or at
 * the end of the text the one before it. */
static void
close_gaps (char *prompt)
{
  char *to = prompt;

  for (const char *from = prompt; *from != '\0'; from++) {
    if (*from != *NOTHING)
      *to++ = *from;
    else if (from[1] == ' ')
      from++;
    else if (to > prompt && to[-1] == ' ')
      to--;
  }
  *to = '\0';
}

/* The prompts of @template; the placeholders' values as hf_prompt_expand wants
 * them. */
static char **
expand (const char *template, GHashTable *values, GError **error)
{
  g_autoptr (GHashTable) plain = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer place, texts;
  char **prompts;

  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, &place, &texts))
    g_hash_table_insert (plain, place, ((GPtrArray *) texts)->pdata);
  prompts = hf_prompt_expand (template, plain, error);
  for (char **prompt = prompts; prompt != NULL && *prompt != NULL; prompt++)
    close_gaps (*prompt);
  return prompts;
}

/* Whether @place tells classes apart: {class}, or one that has values of its
 * own for a class. */
static gboolean
tells_classes (const char *place, const GPtrArray *fillings)
{
  if (g_str_equal (place, class_place))
    return TRUE;
  for (guint i = 0; i < fillings->len; i++) {
    const HfPromptFilling *filling = fillings->pdata[i];

    if (filling->class_name != NULL && g_str_equal (filling->place, place))
      return TRUE;
  }
  return FALSE;
}

static gboolean
check_places (const char *text, const GPtrArray *fillings, GError **error)
{
  g_auto (GStrv) places = hf_prompt_dup_places (text, error);

  if (places == NULL)
    return FALSE;
  for (char **place = places; *place != NULL; place++)
    if (tells_classes (*place, fillings))
      return TRUE;
  g_set_error (error, HF_PROMPT_ERROR, HF_PROMPT_ERROR_SYNTAX,
               _("it has no {class}, the place where the name of the class "
                 "goes"));
  return FALSE;
}

static void
add_item (HfPromptSet *self, const char *text, gboolean enabled,
          GHashTable *const *values, const GPtrArray *fillings)
{
  Item *item = g_new0 (Item, 1);
  g_autoptr (GError) error = NULL;
  gboolean ok = check_places (text, fillings, &error);

  item->text = g_strdup (text);
  item->enabled = enabled;
  item->by_class = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_ptr_array_add (self->items, item);
  for (guint c = 0; ok && c < self->n_classes; c++) {
    char **prompts = expand (text, values[c], &error);

    ok = prompts != NULL;
    if (ok)
      g_ptr_array_add (item->by_class, prompts);
  }
  if (!ok)
    item->problem = g_error_new (error->domain, error->code,
                                 _("The template \"%s\" cannot be used: %s."),
                                    text, error->message);
}

HfPromptSet *
hf_prompt_set_new (const char *const *classes, const GPtrArray *templates,
                   const GPtrArray *fillings)
{
  HfPromptSet *self = g_new0 (HfPromptSet, 1);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GPtrArray) values =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  gboolean any = FALSE;

  if (fillings == NULL)
    fillings = none;
  self->classes = g_strdupv ((char **) classes);
  self->n_classes = g_strv_length (self->classes);
  self->items = g_ptr_array_new_with_free_func (item_free);
  for (guint c = 0; c < self->n_classes; c++)
    g_ptr_array_add (values, new_values (fillings, classes[c]));
  for (guint t = 0; t < templates->len; t++) {
    const HfPromptTemplate *template = templates->pdata[t];

    add_item (self, template->text, template->enabled,
              (GHashTable *const *) values->pdata, fillings);
    any = any || template->enabled;
  }
  if (!any)
    add_item (self, HF_PROMPT_DEFAULT, TRUE,
              (GHashTable *const *) values->pdata, fillings);
  return self;
}

HfPromptSet *
hf_prompt_set_new_from_texts (const char *const *classes,
                              const char *const *templates)
{
  g_autoptr (GPtrArray) list = hf_prompt_templates_new ();

  for (; templates != NULL && *templates != NULL; templates++)
    hf_prompt_templates_add (list, *templates, TRUE);
  return hf_prompt_set_new (classes, list, NULL);
}

void
hf_prompt_set_free (HfPromptSet *self)
{
  if (self == NULL)
    return;
  g_strfreev (self->classes);
  g_ptr_array_unref (self->items);
  g_free (self);
}

guint
hf_prompt_set_get_n_classes (const HfPromptSet *self)
{
  return self->n_classes;
}

const char *
hf_prompt_set_get_class (const HfPromptSet *self, guint c)
{
  g_return_val_if_fail (c < self->n_classes, NULL);
  return self->classes[c];
}

int
hf_prompt_set_find_class (const HfPromptSet *self, const char *name)
{
  for (guint c = 0; c < self->n_classes; c++)
    if (g_str_equal (self->classes[c], name))
      return (int) c;
  return -1;
}

guint
hf_prompt_set_get_n_templates (const HfPromptSet *self)
{
  return self->items->len;
}

static const Item *
get_item (const HfPromptSet *self, guint t)
{
  g_return_val_if_fail (t < self->items->len, NULL);
  return self->items->pdata[t];
}

const char *
hf_prompt_set_get_template (const HfPromptSet *self, guint t)
{
  return get_item (self, t)->text;
}

gboolean
hf_prompt_set_is_enabled (const HfPromptSet *self, guint t)
{
  return get_item (self, t)->enabled;
}

const GError *
hf_prompt_set_get_problem (const HfPromptSet *self, guint t)
{
  return get_item (self, t)->problem;
}

const char *const *
hf_prompt_set_get (const HfPromptSet *self, guint t, guint c)
{
  static const char *const none[] = {NULL};
  const Item *item = get_item (self, t);

  g_return_val_if_fail (c < self->n_classes, none);
  return item->problem == NULL ? item->by_class->pdata[c] : none;
}

gsize
hf_prompt_set_count (const HfPromptSet *self)
{
  gsize n = 0;

  for (guint t = 0; t < self->items->len; t++)
    for (guint c = 0; get_item (self, t)->enabled && c < self->n_classes; c++)
      n += g_strv_length ((char **) hf_prompt_set_get (self, t, c));
  return n;
}

char **
hf_prompt_set_dup_class (const HfPromptSet *self, guint c, GError **error)
{
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();

  for (guint t = 0; t < self->items->len; t++) {
    const Item *item = get_item (self, t);

    if (!item->enabled)
      continue;
    if (item->problem != NULL) {
      g_propagate_error (error, g_error_copy (item->problem));
      return NULL;
    }
    g_strv_builder_addv (all, (const char **) hf_prompt_set_get (self, t, c));
  }
  return g_strv_builder_end (all);
}
