/* groups.c: see the header. A pattern is kept twice: as characters for names
 * that are UTF-8, as bytes for the others. */
#include "app/project/groups.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef enum { RULE_NONE, RULE_FOLDER, RULE_CSV, RULE_PATTERN } RuleKind;

struct _HfGroupRule {
  RuleKind kind;
  GRegex *characters; /* NULL if the pattern is no UTF-8 */
  GRegex *bytes;
};

/* A name may hold line breaks, which are characters like others here. */
#define PATTERN_FLAGS (G_REGEX_DOTALL | G_REGEX_DOLLAR_ENDONLY)

static gboolean
compile (HfGroupRule *self, const char *text, GError **error)
{
  self->bytes = g_regex_new (text, PATTERN_FLAGS | G_REGEX_RAW, 0, error);
  if (self->bytes == NULL)
    return FALSE;
  if (g_regex_get_capture_count (self->bytes) < 1) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _("The pattern \"%s\" captures nothing; put the part of the "
                   "file name that is the group in ( )."),
                    text);
    return FALSE;
  }
  if (!g_utf8_validate (text, -1, NULL))
    return TRUE;
  self->characters = g_regex_new (text, PATTERN_FLAGS, 0, error);
  return self->characters != NULL;
}

HfGroupRule *
hf_group_rule_new (const char *text, GError **error)
{
  g_autoptr (HfGroupRule) self = g_new0 (HfGroupRule, 1);

  if (text == NULL)
    return g_steal_pointer (&self);
  if (g_str_equal (text, "folder")) {
    self->kind = RULE_FOLDER;
    return g_steal_pointer (&self);
  }
  if (g_str_equal (text, "csv")) {
    self->kind = RULE_CSV;
    return g_steal_pointer (&self);
  }
  self->kind = RULE_PATTERN;
  if (!compile (self, text, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
hf_group_rule_free (HfGroupRule *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->characters, g_regex_unref);
  g_clear_pointer (&self->bytes, g_regex_unref);
  g_free (self);
}

static char *
dup_match (const HfGroupRule *self, const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GMatchInfo) match = NULL;
  gboolean is_text =
      self->characters != NULL && g_utf8_validate (name, -1, NULL);
  g_autofree char *group = NULL;

  if (!g_regex_match (is_text ? self->characters : self->bytes, name, 0,
                      &match))
    return NULL;
  group = g_match_info_fetch (match, 1);
  if (group == NULL || *group == '\0')
    return NULL;
  return g_steal_pointer (&group);
}

char *
hf_group_rule_dup_group (const HfGroupRule *self, const char *path)
{
  if (self->kind == RULE_FOLDER)
    return g_path_get_dirname (path);
  return self->kind == RULE_PATTERN ? dup_match (self, path) : NULL;
}
