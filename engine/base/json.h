/* base/json.h: the border to json-c. Everything that reads JSON from outside
 * comes through here, so that depth, encoding and trailing bytes are checked
 * in one place. */
#pragma once

#include <glib.h>
#include <json.h>

G_BEGIN_DECLS

#define HF_JSON_ERROR (hf_json_error_quark ())

typedef enum {
  HF_JSON_ERROR_SYNTAX, /* no JSON, not UTF-8, nested over 64 deep */
  HF_JSON_ERROR_TYPE,   /* a member is missing or of another type or range */
} HfJsonError;

GQuark hf_json_error_quark (void);

typedef struct json_object HfJson;

/* Parses exactly one JSON value from @text; free with json_object_put.
 * HF_JSON_ERROR_SYNTAX with the offset if it is none; a null alone, which
 * json-c has no object for, counts as none. */
HfJson *hf_json_parse (const char *text, gsize size_bytes,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Borrowed member @name of the object @json, or NULL if @json is no object or
 * has no such member or it is null. Cannot fail. */
HfJson *hf_json_get (HfJson *json, const char *name);

/* Reads an integer member within [@low, @high]. A missing member leaves @value
 * as it was and is no error; a string, a fraction or a number out of range is
 * HF_JSON_ERROR_TYPE. */
gboolean hf_json_read_int (HfJson *json, const char *name, gint64 low,
                           gint64 high, gint64 *value, GError **error);

/* The same for any finite number, and for a truth value. */
gboolean hf_json_read_double (HfJson *json, const char *name, double low,
                              double high, double *value, GError **error);
gboolean hf_json_read_bool (HfJson *json, const char *name, gboolean *value,
                            GError **error);

/* Builders, owned by the caller until added to a parent: a string of any bytes,
 * as hf_json_dup_shown makes it, and a number with @digits significant digits
 * (null if it is not finite). */
HfJson *hf_json_new_string (const char *bytes) G_GNUC_WARN_UNUSED_RESULT;
HfJson *hf_json_new_number (double value, int digits) G_GNUC_WARN_UNUSED_RESULT;

/* @bytes as valid UTF-8 (caller frees): a byte that is no part of it becomes
 * \xNN, and in a text that has such bytes a backslash becomes two. */
char *hf_json_dup_shown (const char *bytes) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfJson, json_object_put)
G_END_DECLS
