/* vector.cl: vectors of VW floats for devices of the CPU class, and the
 * functions on them. Included in front of every other file of this folder.
 *
 * VW (16, 8 or 4) is the device's native width and comes with -D. WEIGHT_F16
 * says that weights are stored as half; sums are always float. */

/* Vectors of another width than the device's own are passed in other places
 * than a compiler with that width would; all who pass them are in one program.
 */
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wpsabi"
#endif

#if VW == 16
typedef float16 floatv;
typedef int16 intv;
#define vloadv(j, p) vload16 (j, p)
#define vload_halfv(j, p) vload_half16 (j, p)
#define vstorev(x, j, p) vstore16 (x, j, p)
#define as_floatv(x) as_float16 (x)
#define as_intv(x) as_int16 (x)
#define load_codes(j, p) \
  convert_int16 (vload16 (j, (global const ushort *) (p)))
#define LANES ((intv) (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
#elif VW == 8
typedef float8 floatv;
typedef int8 intv;
#define vloadv(j, p) vload8 (j, p)
#define vload_halfv(j, p) vload_half8 (j, p)
#define vstorev(x, j, p) vstore8 (x, j, p)
#define as_floatv(x) as_float8 (x)
#define as_intv(x) as_int8 (x)
#define load_codes(j, p) convert_int8 (vload8 (j, (global const ushort *) (p)))
#define LANES ((intv) (0, 1, 2, 3, 4, 5, 6, 7))
#else
typedef float4 floatv;
typedef int4 intv;
#define vloadv(j, p) vload4 (j, p)
#define vload_halfv(j, p) vload_half4 (j, p)
#define vstorev(x, j, p) vstore4 (x, j, p)
#define as_floatv(x) as_float4 (x)
#define as_intv(x) as_int4 (x)
#define load_codes(j, p) convert_int4 (vload4 (j, (global const ushort *) (p)))
#define LANES ((intv) (0, 1, 2, 3))
#endif

#define UNROLL _Pragma ("unroll")
#define SPLAT(x) ((floatv) (x))
#define ONE_ITEM __attribute__ ((reqd_work_group_size (1, 1, 1)))
/* PoCL 6 ends the process over an assembly without a result in a kernel itself,
 * not in what it calls. */
#define CALLED __attribute__ ((noinline))

/* Where the processor has no instruction for it (Intel's before Haswell, and
 * its Atoms), fma is exact all the same, by software and some hundred times as
 * slow. */
#if defined(__x86_64__) && !defined(__FMA__)
#define mul_add(a, b, c) ((a) * (b) + (c))
#else
#define mul_add(a, b, c) fma (a, b, c)
#endif

#ifdef WEIGHT_F16
typedef half weight_t;
#if VW == 16 && defined(__x86_64__) && defined(__AVX512F__)
/* vload_half16 becomes two conversions of eight and a merge; the instruction
 * that converts sixteen is out of the compiler's reach. One picture of
 * ViT-B/32: 44.0 -> 41.0 ms. */
inline floatv
convert_halves (ushort16 halves)
{
  floatv x;

  __asm__("vcvtph2ps %1, %0" : "=v"(x) : "v"(halves));
  return x;
}
#define load_weights(j, p) \
  convert_halves (vload16 (j, (global const ushort *) (p)))
#elif defined(__x86_64__) && !defined(__F16C__)
/* The bits of a half, moved to where a float has them, are its value over
 * 2^112, also those below the normal ones; what is not finite is put back. The
 * compiler's own way goes lane by lane. */
inline floatv
convert_halves (intv codes)
{
  intv moved = (codes & 0x7fff) << 13 | (codes & 0x8000) << 16;
  intv endless = (codes & 0x7c00) == 0x7c00;
  intv value = as_intv (as_floatv (moved) * 0x1p112f);

  return as_floatv (value | (endless & 0x7f800000));
}
#define load_weights(j, p) convert_halves (load_codes (j, p))
#else
#define load_weights(j, p) vload_halfv (j, p)
#endif
#else
typedef float weight_t;
#define load_weights(j, p) vloadv (j, p)
#endif

/* The lanes of two halves of vectors in turns. */
#if VW == 16
#define ZIP(a, b)                                                            \
  ((floatv) ((a).s0, (b).s0, (a).s1, (b).s1, (a).s2, (b).s2, (a).s3, (b).s3, \
             (a).s4, (b).s4, (a).s5, (b).s5, (a).s6, (b).s6, (a).s7, (b).s7))
#elif VW == 8
#define ZIP(a, b) \
  ((floatv) ((a).s0, (b).s0, (a).s1, (b).s1, (a).s2, (b).s2, (a).s3, (b).s3))
#else
#define ZIP(a, b) ((floatv) ((a).s0, (b).s0, (a).s1, (b).s1))
#endif

/* rows[i].j becomes rows[j].i: each turn deals the rows out anew, as two halves
 * of a pack of cards, until every bit of i has changed places with one of j. */
inline void
transpose_block (floatv *rows)
{
  UNROLL for (int turn = 1; turn < VW; turn *= 2)
  {
    floatv dealt[VW];

    UNROLL for (int i = 0; i < VW / 2; i++)
    {
      dealt[2 * i] = ZIP (rows[i].lo, rows[i + VW / 2].lo);
      dealt[2 * i + 1] = ZIP (rows[i].hi, rows[i + VW / 2].hi);
    }
    UNROLL for (int i = 0; i < VW; i++) rows[i] = dealt[i];
  }
}

/* Brings a line on its way into the second cache, where the processor is told
 * how. */
inline void
fetch_line (global const void *line)
{
#ifdef __x86_64__
  __asm__ volatile("prefetcht1 %0" : : "m"(*(global const char *) line));
#endif
}

#if VW == 16
inline float
sum_lanes (floatv v)
{
  float8 a = v.lo + v.hi;
  float4 b = a.lo + a.hi;
  float2 c = b.lo + b.hi;

  return c.x + c.y;
}

inline float
max_lanes (floatv v)
{
  float8 a = fmax (v.lo, v.hi);
  float4 b = fmax (a.lo, a.hi);
  float2 c = fmax (b.lo, b.hi);

  return fmax (c.x, c.y);
}
#elif VW == 8
inline float
sum_lanes (floatv v)
{
  float4 b = v.lo + v.hi;
  float2 c = b.lo + b.hi;

  return c.x + c.y;
}

inline float
max_lanes (floatv v)
{
  float4 b = fmax (v.lo, v.hi);
  float2 c = fmax (b.lo, b.hi);

  return fmax (c.x, c.y);
}
#else
inline float
sum_lanes (floatv v)
{
  float2 c = v.lo + v.hi;

  return c.x + c.y;
}

inline float
max_lanes (floatv v)
{
  float2 c = fmax (v.lo, v.hi);

  return fmax (c.x, c.y);
}
#endif

/* e^x to 2e-7 of its value for x in [-87, 88], clamped outside: x is split
 * into n ln 2 + f, ln 2 in two parts, and e^f is its Taylor polynomial. Where
 * the last digit of a float is worth one, adding rounds to a whole number,
 * whose digits are then the last ones; PoCL's rint takes twenty instructions.
 */
inline floatv
exp_v (floatv x)
{
  floatv shifted, n, f, p;

  x = clamp (x, -87.f, 88.f);
  shifted = mul_add (x, SPLAT (1.44269504f), SPLAT (12582912.f));
  n = shifted - 12582912.f;
  f = mul_add (n, SPLAT (-0.693359375f), x);
  f = mul_add (n, SPLAT (2.12194440e-4f), f);
  p = mul_add (f, SPLAT (1.3888889e-3f), SPLAT (8.3333333e-3f));
  p = mul_add (f, p, SPLAT (4.1666667e-2f));
  p = mul_add (f, p, SPLAT (1.6666667e-1f));
  p = mul_add (f, p, SPLAT (0.5f));
  p = mul_add (f, p, SPLAT (1.f));
  p = mul_add (f, p, SPLAT (1.f));
  return as_floatv (as_intv (p) + (as_intv (shifted) << 23));
}

/* max (x, 0), but that what is no number stays none, as fmax would not have it:
 * damaged weights are noticed by their results. */
inline floatv
relu_v (floatv x)
{
  return x < SPLAT (0.f) ? SPLAT (0.f) : x;
}

/* x / (1 + e^(-1.702 x)). */
inline floatv
quick_gelu_v (floatv x)
{
  return x / (SPLAT (1.f) + exp_v (x * -1.702f));
}

/* (1 + erf (x / sqrt 2)) / 2, the share of a normal distribution below x; erf
 * by Abramowitz and Stegun 7.1.26, absolute error below 1.5e-7. */
inline floatv
normal_share_v (floatv x)
{
  floatv z = fabs (x) * 0.70710678f;
  floatv t = SPLAT (1.f) / mul_add (z, SPLAT (0.3275911f), SPLAT (1.f));
  floatv p = mul_add (t, SPLAT (1.061405429f), SPLAT (-1.453152027f));
  floatv erf_z;

  p = mul_add (t, p, SPLAT (1.421413741f));
  p = mul_add (t, p, SPLAT (-0.284496736f));
  p = mul_add (t, p, SPLAT (0.254829592f));
  erf_z = SPLAT (1.f) - p * t * exp_v (-z * z);
  return 0.5f * (SPLAT (1.f) + copysign (erf_z, x));
}

/* x (1 + erf (x / sqrt 2)) / 2. */
inline floatv
gelu_v (floatv x)
{
  return x * normal_share_v (x);
}

/* Sum of a row. */
inline float
sum_row (global const float *x, int dim)
{
  floatv a = SPLAT (0.f), b = SPLAT (0.f);
  float tail = 0.f;
  int i = 0;

  for (; i + 2 * VW <= dim; i += 2 * VW) {
    a += vloadv (0, x + i);
    b += vloadv (1, x + i);
  }
  for (; i < dim; i++)
    tail += x[i];
  return sum_lanes (a + b) + tail;
}

/* Sum of (x - mean)^2. */
inline float
sum_squares (global const float *x, float mean, int dim)
{
  floatv a = SPLAT (0.f), b = SPLAT (0.f);
  float tail = 0.f;
  int i = 0;

  for (; i + 2 * VW <= dim; i += 2 * VW) {
    floatv u = vloadv (0, x + i) - mean, v = vloadv (1, x + i) - mean;

    a = mul_add (u, u, a);
    b = mul_add (v, v, b);
  }
  for (; i < dim; i++)
    tail += (x[i] - mean) * (x[i] - mean);
  return sum_lanes (a + b) + tail;
}
