/* app/watch/filing.h: judged files into folders by their verdict. */
#pragma once

#include "bundle/bundle.h"

G_BEGIN_DECLS

/* The folder, below the watched one, for @verdict and class @class_id (caller
 * frees): the verdict's name, or where there is no good class the class's, made
 * a file name. */
char *hf_filing_dup_folder (const HfBundleContent *content, HfVerdict verdict,
                            int class_id) G_GNUC_WARN_UNUSED_RESULT;

/* All folders that hf_filing_dup_folder can name (caller frees). */
char **hf_filing_dup_folders (const HfBundleContent *content)
    G_GNUC_WARN_UNUSED_RESULT;

/* The @attempt-th name (from 0) for the file @path in @folder, both below the
 * watched folder: folder/path, folder/path-2 ... (caller frees). */
char *hf_filing_dup_target (const char *folder, const char *path,
                            int attempt) G_GNUC_WARN_UNUSED_RESULT;

/* Moves @root/@path to @root/@target, whose folders are made. Never over
 * another file: G_FILE_ERROR_EXIST. Another GFileError if it cannot be moved;
 * G_FILE_ERROR_NOENT if it is gone. */
gboolean hf_filing_move (const char *root, const char *path, const char *target,
                         GError **error);

G_END_DECLS
