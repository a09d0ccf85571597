/* clip/prompts.c: a template is cut into literal text and placeholders once;
 * then every combination of values is put together. */
#include "clip/prompts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* One placeholder, however often it appears. */
typedef struct {
  char *name;                /* owned */
  const char *const *values; /* borrowed, NULL-terminated */
  guint n_values;
  guint current;
} Slot;

typedef struct {
  GString *literal; /* text before the placeholder */
  int slot;         /* -1 after the last literal */
} Part;

typedef struct {
  GArray *slots; /* Slot[], in the order of their first appearance */
  GArray *parts; /* Part[] */
} Template;

G_DEFINE_QUARK (hf_prompt_error_quark, hf_prompt_error)

static void
slot_clear (gpointer data)
{
  g_free (((Slot *) data)->name);
}

static void
part_clear (gpointer data)
{
  g_string_free (((Part *) data)->literal, TRUE);
}

static void
template_clear (Template *self)
{
  g_array_unref (self->slots);
  g_array_unref (self->parts);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Template, template_clear)

static void
template_init (Template *self)
{
  self->slots = g_array_new (FALSE, FALSE, sizeof (Slot));
  self->parts = g_array_new (FALSE, FALSE, sizeof (Part));
  g_array_set_clear_func (self->slots, slot_clear);
  g_array_set_clear_func (self->parts, part_clear);
}

/* The slot of @name, made if it is new; -1 with @error if it has no values.
 * With @values NULL none has any, and none needs them. */
static int
find_slot (Template *self, const char *name, GHashTable *values, GError **error)
{
  Slot slot = {0};

  for (guint i = 0; i < self->slots->len; i++)
    if (strcmp (g_array_index (self->slots, Slot, i).name, name) == 0)
      return (int) i;
  if (values != NULL)
    slot.values = g_hash_table_lookup (values, name);
  if (values != NULL && (slot.values == NULL || slot.values[0] == NULL)) {
    g_set_error (error, HF_PROMPT_ERROR, HF_PROMPT_ERROR_UNKNOWN,
                 _("there are no values for the placeholder {%s}; literal "
                   "braces are written {{ and }}"),
                    name);
    return -1;
  }
  slot.name = g_strdup (name);
  if (slot.values != NULL)
    slot.n_values = g_strv_length ((char **) slot.values);
  g_array_append_val (self->slots, slot);
  return (int) self->slots->len - 1;
}

/* Reads the placeholder at @open, a brace. Returns what stands behind it, or
 * NULL with @error. */
static const char *
read_placeholder (const char *open, Template *self, GHashTable *values,
                  int *slot, GError **error)
{
  const char *end = open + 1 + strcspn (open + 1, "{}");
  g_autofree char *name = g_strndup (open + 1, (gsize) (end - open - 1));

  if (*end != '}' || *name == '\0') {
    g_set_error (error, HF_PROMPT_ERROR, HF_PROMPT_ERROR_SYNTAX,
                 *end == '}'
                 ? _("the placeholder {%s has no name; a literal brace is "
                     "written {{")
                 : _("the placeholder {%s has no closing brace; a literal "
                     "brace is written {{"),
                      name);
    return NULL;
  }
  *slot = find_slot (self, name, values, error);
  return *slot >= 0 ? end + 1 : NULL;
}

/* Appends the text up to the next single brace, doubled ones made one. Returns
 * where that brace or the end is. */
static const char *
read_literal (const char *p, GString *literal)
{
  for (; *p != '\0'; p++) {
    gboolean is_brace = *p == '{' || *p == '}';

    if (is_brace && p[1] != *p)
      break;
    g_string_append_c (literal, *p);
    p += is_brace ? 1 : 0;
  }
  return p;
}

static gboolean
parse (Template *self, const char *text, GHashTable *values, GError **error)
{
  const char *p = text;

  while (p != NULL) {
    GString *literal = g_string_new (NULL);
    Part part = {literal, -1};
    char brace;

    p = read_literal (p, literal);
    brace = *p;
    if (brace == '{')
      p = read_placeholder (p, self, values, &part.slot, error);
    g_array_append_val (self->parts, part);
    if (brace == '\0')
      return TRUE;
    if (brace == '}') {
      g_set_error (error, HF_PROMPT_ERROR, HF_PROMPT_ERROR_SYNTAX,
                   _("a } closes nothing after \"%s\"; a literal brace is "
                     "written }}"),
                      literal->str);
      return FALSE;
    }
  }
  return FALSE;
}

static char *
put_together (const Template *self)
{
  GString *prompt = g_string_new (NULL);

  for (guint i = 0; i < self->parts->len; i++) {
    const Part *part = &g_array_index (self->parts, Part, i);

    g_string_append_len (prompt, part->literal->str,
                         (gssize) part->literal->len);
    if (part->slot >= 0) {
      const Slot *slot = &g_array_index (self->slots, Slot, (guint) part->slot);

      g_string_append (prompt, slot->values[slot->current]);
    }
  }
  return g_string_free (prompt, FALSE);
}

/* The next combination, like an odometer: the last slot turns fastest. FALSE
 * after the last one. */
static gboolean
advance (Template *self)
{
  for (guint i = self->slots->len; i > 0; i--) {
    Slot *slot = &g_array_index (self->slots, Slot, i - 1);

    if (++slot->current < slot->n_values)
      return TRUE;
    slot->current = 0;
  }
  return FALSE;
}

char **
hf_prompt_expand (const char *template, GHashTable *values, GError **error)
{
  g_auto (Template) parsed = {0};
  g_autoptr (GPtrArray) prompts = g_ptr_array_new_with_free_func (g_free);
  guint64 n = 1;

  template_init (&parsed);
  if (!parse (&parsed, template, values, error))
    return NULL;
  for (guint i = 0; i < parsed.slots->len; i++) {
    n *= g_array_index (parsed.slots, Slot, i).n_values;
    if (n > HF_PROMPT_MAX_EXPANSIONS) {
      g_set_error (error, HF_PROMPT_ERROR, HF_PROMPT_ERROR_TOO_MANY,
                   _("the template \"%s\" stands for more than %d prompts; "
                     "give its placeholders fewer values"),
                      template, HF_PROMPT_MAX_EXPANSIONS);
      return NULL;
    }
  }
  do
    g_ptr_array_add (prompts, put_together (&parsed));
  while (advance (&parsed));
  g_ptr_array_add (prompts, NULL);
  return (char **) g_ptr_array_steal (prompts, NULL);
}

char **
hf_prompt_dup_places (const char *template, GError **error)
{
  g_auto (Template) parsed = {0};
  g_autoptr (GStrvBuilder) places = g_strv_builder_new ();

  template_init (&parsed);
  if (!parse (&parsed, template, NULL, error))
    return NULL;
  for (guint i = 0; i < parsed.slots->len; i++)
    g_strv_builder_add (places, g_array_index (parsed.slots, Slot, i).name);
  return g_strv_builder_end (places);
}
