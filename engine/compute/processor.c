/* processor.c: see the header. The bits are those of Intel's manual, volume 2,
 * CPUID, leaf 7; the request is that of Linux, Documentation/arch/x86/xstate.
 */
#include "compute/processor.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LEAF 7
#define EAX_AVX_VNNI (1u << 4) /* of its part 1; the others are of part 0 */
#define EDX_AMX_BF16 (1u << 22)
#define EDX_AMX_TILE (1u << 24)
#define EDX_AMX_INT8 (1u << 25)
/* ARCH_REQ_XCOMP_PERM and XFEATURE_XTILEDATA of newer headers. */
#define REQUEST_PERMISSION 0x1023
#define TILE_DATA 18

gboolean
hf_processor_has_vnni (int n_lanes)
{
  guint eax, ebx, ecx, edx;

  if (n_lanes == 16)
    return __builtin_cpu_supports ("avx512vnni") != 0;
  return n_lanes == 8 &&
         __get_cpuid_count (LEAF, 1, &eax, &ebx, &ecx, &edx) != 0 &&
         (eax & EAX_AVX_VNNI) != 0;
}

gboolean
hf_processor_has_bf16 (int n_lanes)
{
  return n_lanes == 16 && __builtin_cpu_supports ("avx512bf16") != 0;
}

gboolean
hf_processor_take_amx (void)
{
  const guint wanted = EDX_AMX_BF16 | EDX_AMX_TILE | EDX_AMX_INT8;
  guint eax, ebx, ecx, edx;

  return __get_cpuid_count (LEAF, 0, &eax, &ebx, &ecx, &edx) != 0 &&
         (edx & wanted) == wanted &&
         syscall (SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
}

#else

gboolean
hf_processor_has_vnni (int n_lanes)
{
  (void) n_lanes;
  return FALSE;
}

gboolean
hf_processor_has_bf16 (int n_lanes)
{
  (void) n_lanes;
  return FALSE;
}

gboolean
hf_processor_take_amx (void)
{
  return FALSE;
}

#endif
