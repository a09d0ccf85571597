/* head.cl: what attention.cl and bf16-attention.cl work on, CPU class. */

/* One head of one run; out is where its first query's result goes. */
typedef struct {
  global const float *q, *k, *v;
  global float *out;
  size_t q_stride, kv_stride, out_stride;
  int head_dim, n_queries;
  float scale;
} Head;

/* From the rows that @run, int[5], begins with and the first column of the
 * head on; strides and head_dim are set. */
inline void
set_head (Head *h, global const int *run, int column, global const float *q,
          global const float *k, global const float *v, global float *out)
{
  h->q = q + (size_t) run[0] * h->q_stride + column;
  h->k = k + (size_t) run[2] * h->kv_stride + column;
  h->v = v + (size_t) run[2] * h->kv_stride + column;
  h->out = out + (size_t) run[0] * h->out_stride + column;
  h->n_queries = run[1];
}
