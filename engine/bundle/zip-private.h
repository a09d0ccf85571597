/* bundle/zip-private.h: sizes and constant fields of zip's records, as writer
 * and reader share them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define HF_ZIP_LOCAL "PK\003\004"
#define HF_ZIP_ENTRY "PK\001\002"
#define HF_ZIP_END "PK\005\006"

enum {
  HF_ZIP_LOCAL_BYTES = 30,
  HF_ZIP_ENTRY_BYTES = 46,
  HF_ZIP_END_BYTES = 22,
  HF_ZIP_MAX_NAME = 200,
  HF_ZIP_MAX_MEMBERS = 1024,

  HF_ZIP_STORED = 0,
  HF_ZIP_DEFLATED = 8,

  /* The values of ZipInfo(NAME): Unix, version 2.0, midnight of 1 January 1980,
   * a file that its owner may read and write. */
  HF_ZIP_MADE_BY = 0x0314,
  HF_ZIP_NEEDED = 20,
  HF_ZIP_TIME = 0,
  HF_ZIP_DATE = 0x0021,
  HF_ZIP_ATTRIBUTES = 0600 << 16,
};

G_END_DECLS
