/* broken-driver.c: a driver whose platform and device are there, but that can
 * open nothing: what a half-removed graphics driver looks like to the loader
 * (cl_khr_icd). */
#include <CL/cl.h>
#include <CL/cl_icd.h>
#include <string.h>

struct _cl_platform_id {
  cl_icd_dispatch *dispatch;
};
struct _cl_device_id {
  cl_icd_dispatch *dispatch;
};

static cl_icd_dispatch dispatch;
static struct _cl_platform_id platform = {&dispatch};
static struct _cl_device_id device = {&dispatch};

static cl_int
answer (const void *value, size_t size, size_t room, void *to, size_t *used)
{
  if (used != NULL)
    *used = size;
  if (to == NULL)
    return CL_SUCCESS;
  if (room < size)
    return CL_INVALID_VALUE;
  memcpy (to, value, size);
  return CL_SUCCESS;
}

static cl_int CL_API_CALL
get_platform_info (cl_platform_id id, cl_platform_info what, size_t room,
                   void *to, size_t *used)
{
  const char *text = what == CL_PLATFORM_EXTENSIONS       ? "cl_khr_icd"
                     : what == CL_PLATFORM_ICD_SUFFIX_KHR ? "BROKEN"
                                                          : "Broken platform";

  return answer (text, strlen (text) + 1, room, to, used);
}

static cl_int CL_API_CALL
get_device_ids (cl_platform_id id, cl_device_type type, cl_uint room,
                cl_device_id *to, cl_uint *used)
{
  if (used != NULL)
    *used = 1;
  if (to != NULL && room > 0)
    to[0] = &device;
  return CL_SUCCESS;
}

static cl_int CL_API_CALL
get_device_info (cl_device_id id, cl_device_info what, size_t room, void *to,
                 size_t *used)
{
  const cl_device_type type = CL_DEVICE_TYPE_GPU;
  const cl_platform_id its_platform = &platform;

  switch (what) {
  case CL_DEVICE_TYPE:
    return answer (&type, sizeof type, room, to, used);
  case CL_DEVICE_PLATFORM:
    return answer (&its_platform, sizeof its_platform, room, to, used);
  case CL_DEVICE_NAME:
  case CL_DEVICE_VERSION:
  case CL_DRIVER_VERSION:
    return answer ("Broken GPU", sizeof "Broken GPU", room, to, used);
  default:
    return CL_INVALID_VALUE;
  }
}

static cl_context CL_API_CALL
create_context (const cl_context_properties *properties, cl_uint n_devices,
                const cl_device_id *devices,
                void (CL_CALLBACK *notify) (const char *, const void *, size_t,
                                            void *),
                void *data, cl_int *code)
{
  if (code != NULL)
    *code = CL_DEVICE_NOT_AVAILABLE;
  return NULL;
}

CL_API_ENTRY cl_int CL_API_CALL
clIcdGetPlatformIDsKHR (cl_uint room, cl_platform_id *to, cl_uint *used)
{
  dispatch.clGetPlatformInfo = get_platform_info;
  dispatch.clGetDeviceIDs = get_device_ids;
  dispatch.clGetDeviceInfo = get_device_info;
  dispatch.clCreateContext = create_context;
  if (used != NULL)
    *used = 1;
  if (to != NULL && room > 0)
    to[0] = &platform;
  return CL_SUCCESS;
}

CL_API_ENTRY cl_int CL_API_CALL
clGetPlatformInfo (cl_platform_id id, cl_platform_info what, size_t room,
                   void *to, size_t *used)
{
  return get_platform_info (id, what, room, to, used);
}

CL_API_ENTRY void *CL_API_CALL
clGetExtensionFunctionAddress (const char *name)
{
  return strcmp (name, "clIcdGetPlatformIDsKHR") == 0
             ? (void *) clIcdGetPlatformIDsKHR
             : NULL;
}
