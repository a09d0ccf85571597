/* base/file.h: files that are either the old one or the new one, whole.
 *
 * A writer fills a file without a name in the target's folder; commit flushes
 * it to the disk and puts it in the target's place. Without commit, nothing has
 * happened, and nothing is left, also of a process that was killed. A link
 * stays and what it points to is replaced. The new file has the permissions of
 * any new file, whatever the old one had. Any number of threads; one writer,
 * one thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _HfFileWriter HfFileWriter;

/* Starts to write @path. NULL with a GFileError (G_FILE_ERROR_ACCES, _NOSPC,
 * _ROFS ...) whose message names @path; G_FILE_ERROR_INVAL where a folder, a
 * device or the like is in its place, which is left alone. */
HfFileWriter *hf_file_writer_open (const char *path,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What was written is gone unless committed. */
void hf_file_writer_free (HfFileWriter *self);

gboolean hf_file_writer_write (HfFileWriter *self, const void *data,
                               gsize size_bytes, GError **error);

/* Makes the file visible, on disk. Nothing may be written afterwards. */
gboolean hf_file_writer_commit (HfFileWriter *self, GError **error);

/* The same where nothing may be replaced: G_FILE_ERROR_EXIST where something
 * has that name. */
gboolean hf_file_writer_commit_new (HfFileWriter *self, GError **error);

/* The three steps in one. */
gboolean hf_file_write_whole (const char *path, const void *data,
                              gsize size_bytes, GError **error);

/* Maps a regular file read-only. NULL with a GFileError whose message names
 * @path; a folder, a FIFO, a socket or a device is refused without waiting
 * for it (G_FILE_ERROR_INVAL). */
GMappedFile *hf_file_map (const char *path,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same, and leaves the file open: *@fd is the caller's to close. Who reads
 * the map later asks it how long the file still is, since a page behind its end
 * is the end of the process (SIGBUS). */
GMappedFile *hf_file_map_open (const char *path, int *fd,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What to do about @code, an errno of writing or making a file: a sentence with
 * a blank before it, or nothing. */
const char *hf_file_get_advice (int code);

/* Opens a regular file for reading and returns its descriptor and size in
 * bytes, or -1; the same refusals as hf_file_map. */
int hf_file_open (const char *path, gint64 *size_bytes, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfFileWriter, hf_file_writer_free)
G_END_DECLS
