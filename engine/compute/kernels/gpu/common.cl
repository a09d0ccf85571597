/* common.cl: what the kernels of the GPU class share. Included in front of
 * every other file of this folder.
 *
 * Sizes of tiles and groups come from the host with -D (compute/ops/grid.c),
 * so that no number stands in two places. WEIGHT_F16 says that weights are
 * stored as half; sums are always float. */

#define UNROLL _Pragma ("unroll")
#define ROLLED _Pragma ("unroll 1")
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

/* The first @n_columns of four; the rest is zero. */
inline float4
load_columns (global const float *x, int n_columns)
{
  float4 v = ZERO;

  if (n_columns >= 4)
    return vload4 (0, x);
  v.x = x[0];
  if (n_columns > 1)
    v.y = x[1];
  if (n_columns > 2)
    v.z = x[2];
  return v;
}

inline void
store_columns (float4 v, global float *x, int n_columns)
{
  if (n_columns >= 4) {
    vstore4 (v, 0, x);
    return;
  }
  x[0] = v.x;
  if (n_columns > 1)
    x[1] = v.y;
  if (n_columns > 2)
    x[2] = v.z;
}

/* Sum of one value of each of @n work-items, a power of two, in the same order
 * on every run. Ends with a barrier, so that @scratch, float[n], can be used
 * again. */
inline float
sum_items (float value, int n, local float *scratch)
{
  int item = get_local_id (0);
  float sum;

  scratch[item] = value;
  barrier (CLK_LOCAL_MEM_FENCE);
  for (int step = n / 2; step > 0; step /= 2) {
    if (item < step)
      scratch[item] += scratch[item + step];
    barrier (CLK_LOCAL_MEM_FENCE);
  }
  sum = scratch[0];
  barrier (CLK_LOCAL_MEM_FENCE);
  return sum;
}
