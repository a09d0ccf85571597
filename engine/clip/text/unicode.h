/* clip/text/unicode.h: the properties and forms of characters that the
 * tokenizer needs, from GLib's tables and independent of the locale. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* White space (the property White_Space), letters (L*) and numbers (N*). */
gboolean hf_unicode_is_space (gunichar c);
gboolean hf_unicode_is_letter (gunichar c);
gboolean hf_unicode_is_number (gunichar c);

/* The C1 controls U+0080 .. U+009F as the bytes of Windows-1252 that they are
 * as a rule; five of them have no meaning there and stay. Others: @c. */
gunichar hf_unicode_from_windows (gunichar c);

/* Full lower case of valid UTF-8 (The Unicode Standard, 3.13): a capital sigma
 * at the end of a word becomes a final one, a dotted capital I keeps its dot
 * as U+0307. Caller frees. */
char *hf_unicode_lower (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* Normalization form C of valid UTF-8 in linear time, also for texts made to
 * be slow. Caller frees. */
char *hf_unicode_compose (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
