/* warnings.c: see the header. */
#include "app/study/warnings.h"

#include "app/project/classes.h"

#include <glib/gi18n-lib.h>

/* Below, DESIGN's measurements show rates that swing by several points. */
#define FEW_LABELS 8

static void G_GNUC_PRINTF (2, 3)
    warn (GPtrArray *warnings, const char *format, ...)
{
  g_autofree char *sentence = NULL;
  va_list list;

  va_start (list, format);
  sentence = g_strdup_vprintf (format, list);
  va_end (list);
  /* A name is any bytes, a sentence is text. */
  g_ptr_array_add (warnings, g_utf8_make_valid (sentence, -1));
}

static const char *
get_name (const HfRows *rows, guint c)
{
  return ((const HfSampleClass *) rows->classes->pdata[c])->name;
}

static void
warn_few (const HfRows *rows, GPtrArray *warnings)
{
  g_autofree gsize *n = g_new0 (gsize, rows->classes->len + 1);
  guint rarest = 0;

  for (gsize i = 0; i < rows->n; i++)
    n[rows->label[i]]++;
  for (guint c = 1; c < rows->classes->len; c++)
    if (n[c] < n[rarest])
      rarest = c;
  if (n[rarest] < FEW_LABELS)
    warn (
        warnings,
        _("The class \"%s\" has few labels (%zu); label at least %d pictures "
          "of each class."),
           get_name (rows, rarest), n[rarest], FEW_LABELS);
}

/* The number of different groups of class @c, or of all for -1. */
static guint
count_groups (const HfRows *rows, int c)
{
  g_autoptr (GHashTable) groups = g_hash_table_new (NULL, NULL);

  for (gsize i = 0; i < rows->n; i++)
    if (c < 0 || rows->label[i] == c)
      g_hash_table_add (groups, GINT_TO_POINTER (rows->group[i]));
  return g_hash_table_size (groups);
}

static void
warn_groups (const HfRows *rows, HfWarnings how, GPtrArray *warnings)
{
  if (!hf_rows_have_groups (rows)) {
    if (how != HF_WARN_BESIDE_LOTS)
      warn (warnings,
            _("No lots were named, so pictures of one lot were trained on and "
              "tested on: the rates hold for lots that were seen. Name the "
              "lots%s."),
               how == HF_WARN_ON_COMMAND_LINE ? " (--groups)" : "");
    return;
  }
  if (count_groups (rows, -1) == 1)
    warn (warnings, _("All pictures are from one lot: how the probe does on "
                      "another is unknown."));
  for (guint c = 0; c < rows->classes->len; c++)
    if (count_groups (rows, (int) c) == 1)
      warn (
          warnings,
          _("All pictures of the class \"%s\" are from one lot, so it cannot "
            "be tested. Add some of another lot."),
             get_name (rows, c));
}

static void
warn_copies (const HfRows *rows, GPtrArray *warnings)
{
  if (rows->bounded)
    warn (warnings,
          _("So many pictures look alike that each was compared with its "
            "nearest alone: near-copies may have been missed, and be trained "
            "on and tested on."));
}

/* "Good" and "good": as a rule one class, written in two ways. */
static void
warn_alike (const HfRows *rows, GPtrArray *warnings)
{
  for (guint c = 1; c < rows->classes->len; c++)
    for (guint d = 0; d < c; d++) {
      g_autofree char *first = g_utf8_make_valid (get_name (rows, d), -1);
      g_autofree char *second = g_utf8_make_valid (get_name (rows, c), -1);

      if (hf_class_is_similar (get_name (rows, d), get_name (rows, c)))
        warn (warnings,
              _("The classes \"%s\" and \"%s\" differ by capital letters, "
                "stored accents or blanks at their ends alone. If they are "
                "one, give it one name."),
                 first, second);
    }
}

static void
warn_good (const HfRows *rows, HfWarnings how, GPtrArray *warnings)
{
  for (guint c = 0; c < rows->classes->len; c++)
    if (rows->kinds[c] == HF_CLASS_GOOD || rows->kinds[c] == HF_CLASS_DEFECT)
      return;
  warn (warnings,
        _("No class is the good one, so there are neither escapes nor "
          "overkill, and no part is passed or rejected. Name it%s."),
           how == HF_WARN_ON_COMMAND_LINE ? " (--good)" : "");
}

void
hf_rows_add_warnings (const HfRows *rows, HfWarnings how, GPtrArray *warnings)
{
  warn_few (rows, warnings);
  warn_groups (rows, how, warnings);
  warn_copies (rows, warnings);
  warn_good (rows, how, warnings);
  warn_alike (rows, warnings);
}

void
hf_thresholds_add_warning (const HfThresholds *self, const GPtrArray *classes,
                           GPtrArray *warnings)
{
  g_autofree char *name = NULL;

  if (self == NULL || !hf_thresholds_are_set (self) ||
      !hf_sample_classes_have_good (classes))
    return;
  name = hf_thresholds_dup_name (self);
  warn (warnings,
        _("Escapes and overkill are counted at the thresholds %s. If these "
          "were chosen on these pictures, the rates flatter."),
           name);
}
