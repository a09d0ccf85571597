/* common.cl: what the kernels of the GPU class share. Included in front of
 * every other file of this folder.
 *
 * Sizes of tiles and groups come from the host with -D (compute/ops/grid.c),
 * so that no number stands in two places. WEIGHT_F16 says that weights are
 * stored as half; sums are always float. */

#define UNROLL _Pragma ("unroll")
#define GROUP_OF(n) __attribute__ ((reqd_work_group_size (n, 1, 1)))
#define ZERO ((float4) (0.f))

/* Columns of a weight panel: compute/ops/matrix.c. */
#define PANEL 64

/* Four weights; panels begin and go on in multiples of four, so the load is
 * aligned. vloada_half is core, cl_khr_fp16 is not needed. */
#ifdef WEIGHT_F16
typedef half weight_t;
#define load_weights4(p) vloada_half4 (0, p)
#else
typedef float weight_t;
#define load_weights4(p) (*(global const float4 *) (p))
#endif

/* sums[i] += x[i] * y: four rows by four columns. */
#define ADD_OUTER(sums, x, y)                 \
  {                                           \
    float4 x_ = (x), y_ = (y);                \
    (sums)[0] = fma (x_.xxxx, y_, (sums)[0]); \
    (sums)[1] = fma (x_.yyyy, y_, (sums)[1]); \
    (sums)[2] = fma (x_.zzzz, y_, (sums)[2]); \
    (sums)[3] = fma (x_.wwww, y_, (sums)[3]); \
  }
