/* clip/text/entities.h: HTML character references in a text. All references of
 * the HTML5 standard (data/vocabulary/entities.txt) are known. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Reads references as a browser does (HTML Living Standard, "Character
 * reference state"; Python's html.unescape): the semicolon may be missing, the
 * longest known name counts. @text is valid UTF-8; caller frees. */
char *hf_entities_unescape (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* Reads only what is certainly a reference, as ftfy does: closed by a
 * semicolon, at most 24 characters; and names in capitals ("&EACUTE;"). */
char *hf_entities_unescape_strict (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
