/* program.c: builds programs and keeps what the driver made of them.
 *
 * A cache entry is a file named by the SHA-256 of all that the binary depends
 * on; it begins with MAGIC and the SHA-256 of the binary, so that a cut or
 * altered one is seen before the driver is given it. */
#include "compute/program.h"

#include "base/file.h"
#include "base/resource.h"
#include "compute/driver-use.h"
#include "compute/kernels-resource.h"
#include "compute/pocl-cache.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define ROOT "/io/github/handful_app/Handful/kernels/"
#define MAGIC "HFKERN1\n"
#define MAGIC_BYTES 8
#define DIGEST_BYTES 64
#define MAX_BINARY_BYTES (256u << 20)

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (cl_program, clReleaseProgram, NULL)

static GResource *
get_kernels (void)
{
  static gsize added;

  return hf_resource_get (&added, hf_kernels_register_resource,
                          hf_kernels_get_resource);
}

/* Looked up by path among all resources, since only so G_RESOURCE_OVERLAYS can
 * put an edited kernel in the place of ours. */
static GBytes *
lookup_source (const char *name)
{
  g_autofree char *path = g_strconcat (ROOT, name, NULL);
  GBytes *bytes;

  get_kernels ();
  bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_assert (bytes != NULL);
  return bytes;
}

static char *
dup_source (const char *const *names)
{
  g_autoptr (GString) source = g_string_new (NULL);

  for (gsize i = 0; names[i] != NULL; i++) {
    g_autoptr (GBytes) bytes = lookup_source (names[i]);
    gsize size_bytes = 0;
    const char *text = g_bytes_get_data (bytes, &size_bytes);

    g_string_append_printf (source, "#line 1 \"%s\"\n", names[i]);
    g_string_append_len (source, text, (gssize) size_bytes);
  }
  return g_string_free (g_steal_pointer (&source), FALSE);
}

char *
hf_program_dup_sources_hash (void)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  static const char *const folders[] = {"cpu/", "gpu/"};

  for (gsize f = 0; f < G_N_ELEMENTS (folders); f++) {
    g_autofree char *path = g_strconcat (ROOT, folders[f], NULL);
    g_auto (GStrv) names = g_resource_enumerate_children (
        get_kernels (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

    for (gsize i = 0; names != NULL && names[i] != NULL; i++) {
      g_autofree char *name = g_strconcat (folders[f], names[i], NULL);
      g_autoptr (GBytes) bytes = lookup_source (name);

      g_checksum_update (sum, g_bytes_get_data (bytes, NULL),
                         (gssize) g_bytes_get_size (bytes));
    }
  }
  return g_strdup (g_checksum_get_string (sum));
}

/* Path of the cache entry, or NULL where nothing can be cached. */
static char *
dup_entry_path (HfDevice *device, const char *source, const char *options)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *folder = hf_device_dup_cache_folder ("kernels");
  g_autofree char *file = NULL;
  const char *parts[] = {MAGIC,
                         source,
                         options,
                         device->info->name,
                         device->info->platform,
                         device->info->version,
                         device->info->driver};

  if (folder == NULL)
    return NULL;
  /* With its closing zero, so that no two lists of parts look alike. */
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_checksum_update (sum, (const guchar *) parts[i],
                       (gssize) strlen (parts[i]) + 1);
  file = g_strconcat (g_checksum_get_string (sum), ".bin", NULL);
  return g_build_filename (folder, file, NULL);
}

/* The binary inside a sound entry; NULL, and the file removed, otherwise. */
static GBytes *
load_entry (const char *path)
{
  g_autofree char *text = NULL;
  g_autofree char *digest = NULL;
  gsize size_bytes = 0;
  const gsize head = MAGIC_BYTES + DIGEST_BYTES;

  if (!g_file_get_contents (path, &text, &size_bytes, NULL))
    return NULL;
  if (size_bytes > head) {
    digest = g_compute_checksum_for_data (
        G_CHECKSUM_SHA256, (const guchar *) text + head, size_bytes - head);
    if (memcmp (text, MAGIC, MAGIC_BYTES) == 0 &&
        memcmp (text + MAGIC_BYTES, digest, DIGEST_BYTES) == 0)
      return g_bytes_new (text + head, size_bytes - head);
  }
  g_unlink (path);
  return NULL;
}

static cl_program
build_from_entry (HfDevice *device, const char *path, const char *options)
{
  g_autoptr (GBytes) binary = load_entry (path);
  g_auto (cl_program) program = NULL;
  const unsigned char *data;
  gsize size_bytes = 0;
  cl_int status = CL_SUCCESS, code = CL_SUCCESS;

  if (binary == NULL)
    return NULL;
  data = g_bytes_get_data (binary, &size_bytes);
  program = clCreateProgramWithBinary (device->context, 1, &device->id,
                                       &size_bytes, &data, &status, &code);
  if (code == CL_SUCCESS && status == CL_SUCCESS &&
      clBuildProgram (program, 1, &device->id, options, NULL, NULL) ==
          CL_SUCCESS)
    return g_steal_pointer (&program);
  g_unlink (path);
  return NULL;
}

static void
set_build_error (HfDevice *device, cl_program program, GError **error)
{
  gsize size_bytes = 0;
  g_autofree char *log = NULL;

  clGetProgramBuildInfo (program, device->id, CL_PROGRAM_BUILD_LOG, 0, NULL,
                         &size_bytes);
  log = g_malloc0 (size_bytes + 1);
  clGetProgramBuildInfo (program, device->id, CL_PROGRAM_BUILD_LOG, size_bytes,
                         log, NULL);
  g_set_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_BUILD,
               _("The driver of %s cannot compile the kernels: %s"),
                  device->info->name, g_strstrip (log));
}

static cl_program
compile (HfDevice *device, const char *source, const char *options,
         GError **error)
{
  cl_int code = CL_SUCCESS;
  g_auto (cl_program) program =
      clCreateProgramWithSource (device->context, 1, &source, NULL, &code);

  if (!hf_device_check (code, N_("take a program"), error))
    return NULL;
  code = clBuildProgram (program, 1, &device->id, options, NULL, NULL);
  if (code == CL_OUT_OF_HOST_MEMORY || code == CL_OUT_OF_RESOURCES) {
    hf_device_check (code, N_("compile the kernels"), error);
    return NULL;
  }
  if (code != CL_SUCCESS) {
    set_build_error (device, program, error);
    return NULL;
  }
  return g_steal_pointer (&program);
}

cl_program
hf_program_build (HfDevice *device, const char *const *names,
                  const char *options, GError **error)
{
  g_autofree char *source = dup_source (names);
  g_autofree char *path = dup_entry_path (device, source, options);
  g_autoptr (HfDriverUse) use = hf_driver_use ();
  cl_program program = NULL;

  if (hf_device_is_pocl (device) && !hf_pocl_cache_check_room (error))
    return NULL;
  if (path != NULL)
    program = build_from_entry (device, path, options);
  if (program == NULL)
    program = compile (device, source, options, error);
  /* Compilers that a driver loads only now have their own ends. */
  hf_driver_use_stay_ahead ();
  return program;
}

void
hf_program_store (HfDevice *device, cl_program program,
                  const char *const *names, const char *options)
{
  g_autofree char *source = dup_source (names);
  g_autofree char *path = dup_entry_path (device, source, options);
  g_autofree unsigned char *binary = NULL;
  g_autofree char *digest = NULL;
  g_autoptr (HfFileWriter) writer = NULL;
  gsize size_bytes = 0;

  if (path == NULL || g_file_test (path, G_FILE_TEST_EXISTS))
    return;
  if (clGetProgramInfo (program, CL_PROGRAM_BINARY_SIZES, sizeof size_bytes,
                        &size_bytes, NULL) != CL_SUCCESS ||
      size_bytes == 0 || size_bytes > MAX_BINARY_BYTES)
    return;
  binary = g_try_malloc (size_bytes);
  if (binary == NULL ||
      clGetProgramInfo (program, CL_PROGRAM_BINARIES, sizeof binary, &binary,
                        NULL) != CL_SUCCESS)
    return;
  digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, binary, size_bytes);
  writer = hf_file_writer_open (path, NULL);
  if (writer == NULL ||
      !hf_file_writer_write (writer, MAGIC, MAGIC_BYTES, NULL) ||
      !hf_file_writer_write (writer, digest, DIGEST_BYTES, NULL) ||
      !hf_file_writer_write (writer, binary, size_bytes, NULL))
    return;
  hf_file_writer_commit (writer, NULL);
}
