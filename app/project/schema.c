/* schema.c: the tables of a project, format 1.
 *
 * Invariants:
 * I1  The label log is only ever appended to: triggers refuse the rest.
 * I2  The newest entry of a picture is its label; one without a class clears.
 * I3  What a user did in one go is one batch: the number of its first entry.
 * I4  An undo is a batch that puts back what was before the batch it names; a
 *     redo, one that does it again. Neither changes or removes an entry.
 * I5  Names, paths and texts are bytes (BLOB), since file names are; they hold
 *     no NUL.
 * I6  Pictures and classes are never deleted, so that the log can be read.
 * I7  A picture and an entry of the log carry a sum over what makes them, by
 *     which a changed byte is found and a row is known in a damaged file. */
#include "app/project/schema.h"

#define NO_NUL(column) "CHECK (instr (" column ", x'00') = 0)"
#define NAME(column) "CHECK (length (" column ") > 0) " NO_NUL (column)

const char *const hf_schema_statements[] = {
    "CREATE TABLE setting (\n"
    "  key TEXT NOT NULL UNIQUE,\n"
    "  value BLOB NOT NULL " NO_NUL ("value") "\n) STRICT",

    "CREATE TABLE source (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  folder BLOB NOT NULL UNIQUE " NAME (
        "folder") ",\n"
                  "  beside BLOB " NAME (
                      "beside") ",\n"
                                "  added INTEGER NOT NULL\n) STRICT",

    "CREATE TABLE class (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  name BLOB NOT NULL UNIQUE " NAME (
        "name") ",\n"
                "  kind TEXT NOT NULL CHECK (kind IN ('good', 'defect', "
                "'other')),\n"
                "  colour TEXT NOT NULL CHECK (colour GLOB "
                "'#[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]'),\n"
                "  key TEXT UNIQUE CHECK (length (key) = 1),\n"
                "  position INTEGER NOT NULL,\n"
                "  removed INTEGER NOT NULL CHECK (removed IN (0, 1))\n) "
                "STRICT",

    "CREATE TABLE image (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  source INTEGER NOT NULL REFERENCES source (id),\n"
    "  path BLOB NOT NULL " NAME (
        "path") ",\n"
                "  sum INTEGER NOT NULL,\n"
                "  lot BLOB " NAME (
                    "lot") ",\n"
                           "  sha256 BLOB CHECK (length (sha256) = 32),\n"
                           "  size INTEGER CHECK (size >= 0),\n"
                           "  sealed INTEGER,\n"
                           "  UNIQUE (source, path)\n) STRICT",

    "CREATE TABLE label (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  time INTEGER NOT NULL,\n"
    "  batch INTEGER NOT NULL CHECK (batch > 0 AND batch <= id),\n"
    "  image INTEGER NOT NULL REFERENCES image (id),\n"
    "  class INTEGER REFERENCES class (id),\n"
    "  set_by TEXT NOT NULL CHECK (set_by IN\n"
    "    ('hand', 'import', 'suggestion', 'undo', 'redo')),\n"
    "  shown TEXT NOT NULL CHECK (shown IN\n"
    "    ('browse', 'typical', 'margin', 'audit')),\n"
    "  undoes INTEGER CHECK (undoes > 0 AND undoes < batch),\n"
    "  sum INTEGER NOT NULL,\n"
    "  CHECK ((undoes IS NOT NULL) = (set_by IN ('undo', 'redo')))\n) STRICT",

    "CREATE INDEX label_image ON label (image)",
    "CREATE INDEX label_batch ON label (batch)",

    "CREATE VIEW current AS SELECT image.id AS image, label.id AS entry,\n"
    "  label.class AS class, label.shown AS shown\n"
    "  FROM image JOIN label ON label.id =\n"
    "    (SELECT max (id) FROM label AS l WHERE l.image = image.id)\n"
    "  WHERE label.class IS NOT NULL",

    "CREATE TRIGGER label_keep BEFORE UPDATE ON label BEGIN\n"
    "  SELECT raise (ABORT, 'the label log is only appended to');\nEND",
    "CREATE TRIGGER label_stay BEFORE DELETE ON label BEGIN\n"
    "  SELECT raise (ABORT, 'the label log is only appended to');\nEND",

    "CREATE TABLE template (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  text BLOB NOT NULL UNIQUE " NAME (
        "text") ",\n"
                "  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),\n"
                "  position INTEGER NOT NULL\n) STRICT",

    "CREATE TABLE filling (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  class INTEGER REFERENCES class (id),\n"
    "  place BLOB NOT NULL " NAME ("place") ",\n"
                                            "  text BLOB NOT NULL " NO_NUL (
                                                "text") "\n) STRICT",

    "CREATE TABLE suggestion (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  time INTEGER NOT NULL,\n"
    "  image INTEGER NOT NULL REFERENCES image (id),\n"
    "  why TEXT NOT NULL CHECK (why IN ('typical', 'margin', 'audit'))\n"
    ") STRICT",
    "CREATE INDEX suggestion_image ON suggestion (image)",

    "CREATE TABLE opening (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  time INTEGER NOT NULL,\n"
    "  what BLOB NOT NULL " NO_NUL ("what") "\n) STRICT",
    NULL,
};

const HfSchemaTable hf_schema_tables[] = {
    {"setting", "tb", "INSERT INTO setting (key, value) VALUES (?, ?)"},
    {"source", "nbBi",
     "INSERT INTO source (id, folder, beside, added) VALUES (?, ?, ?, ?)"},
    {"class", "nbttTii",
     "INSERT INTO class (id, name, kind, colour, key, position, removed) "
     "VALUES (?, ?, ?, ?, ?, ?, ?)"},
    {"image", "nibiBBII",
     "INSERT INTO image (id, source, path, sum, lot, sha256, size, sealed) "
     "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"},
    {"label", "niiiIttIi",
     "INSERT INTO label (id, time, batch, image, class, set_by, shown, undoes, "
     "sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"},
    {"template", "nbii",
     "INSERT INTO template (id, text, enabled, position) VALUES (?, ?, ?, ?)"},
    {"filling", "nIbb",
     "INSERT INTO filling (id, class, place, text) VALUES (?, ?, ?, ?)"},
    {"suggestion", "niit",
     "INSERT INTO suggestion (id, time, image, why) VALUES (?, ?, ?, ?)"},
    {"opening", "nib", "INSERT INTO opening (id, time, what) VALUES (?, ?, ?)"},
    {NULL},
};
