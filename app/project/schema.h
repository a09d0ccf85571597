/* app/project/schema.h: the tables of a project. docs/formats.md describes
 * them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

enum {
  HF_SCHEMA_APPLICATION_ID = 0x48664c70, /* "HfLp" */
  HF_SCHEMA_FORMAT = 1,
  HF_SCHEMA_PAGE_BYTES = 4096,
};

/* The statements that make it, NULL-terminated; SQLite keeps each of them to
 * the byte, so that a file can be compared with them. */
extern const char *const hf_schema_statements[];

/* What the rows of a table look like in the file, so that they can be told
 * apart where nothing else is left. */
typedef struct {
  const char *name;
  /* One letter a column: n the row's own number, i a number, t text, b bytes;
   * in capitals where it may be NULL. No two tables have the same. */
  const char *columns;
  const char *insert; /* with as many ? as there are columns */
} HfSchemaTable;

/* NULL-named at the end; each comes after those it refers to. */
extern const HfSchemaTable hf_schema_tables[];

G_END_DECLS
