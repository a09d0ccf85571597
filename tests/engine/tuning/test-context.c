/* Which words become vectors, by the rows of the starter's token table. */
#include "tuning/context.h"

#include "../compute/fixture.h"

#include <string.h>

#define N_CLASSES 2

static const int rusty[] = {1000, 10, 11, 12, 20, 21, 2000};
static const int good[] = {1000, 10, 11, 12, 30, 2000};
static const int *const both[N_CLASSES] = {rusty, good};
static const gsize n_both[N_CLASSES] = {7, 6};

/* Opens the starter's tape for @test. */
typedef void (*TapeTest) (const HfTextTape *tape);

static void
with_tape (HfOps *ops, TapeTest test)
{
  g_autofree char *path = g_build_filename (g_getenv ("HANDFUL_SOURCE_ROOT"),
                                            "data", "models", "starter", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfModelFile) model = hf_model_file_open (path, &error);
  HfWeights weights = {ops, model};
  g_autoptr (HfTextTape) tape = NULL;

  g_assert_no_error (error);
  tape = hf_text_tape_new (&weights, hf_model_file_get_config (model), 77, NULL,
                           &error);
  g_assert_no_error (error);
  test (tape);
  g_clear_pointer (&tape, hf_text_tape_free);
}

/* Row @r is the token @id, or not, where @id is 0. */
static void
assert_token (const HfTextTape *tape, const HfContext *context, int r, int id)
{
  gsize size = (gsize) context->width * sizeof (float);
  g_autofree float *row = g_malloc (size);

  if (id == 0)
    return;
  hf_text_tape_read_token (tape, id, row);
  g_assert_cmpmem (context->rows + (gsize) r * context->width, size, row, size);
}

static void
assert_prompts (const HfTextTape *tape, int n_vectors, const int *lengths,
                int first, const int *tokens)
{
  g_autoptr (HfContext) context =
      hf_context_new (tape, both, n_both, N_CLASSES, 77, n_vectors, FALSE, 0);

  g_assert_cmpint (context->first, ==, first);
  for (int c = 0, r = 0; c < N_CLASSES; c++) {
    g_assert_cmpint (context->lengths[c], ==, lengths[c]);
    for (int t = 0; t < lengths[c]; t++, r++)
      assert_token (tape, context, r, *tokens++);
  }
}

static void
check_words (const HfTextTape *tape)
{
  /* Vectors begin as what is written, so at first nothing changes. */
  assert_prompts (
      tape, 2, (int[]){7, 6}, 2,
      (int[]){1000, 10, 11, 12, 20, 21, 2000, 1000, 10, 11, 12, 30, 2000});
  assert_prompts (
      tape, 3, (int[]){7, 6}, 1,
      (int[]){1000, 10, 11, 12, 20, 21, 2000, 1000, 10, 11, 12, 30, 2000});
  /* More vectors than words: new ones stand in front of them. */
  assert_prompts (tape, 5, (int[]){9, 8}, 1,
                  (int[]){1000, 0, 0, 10, 11, 12, 20, 21, 2000, 1000, 0, 0, 10,
                          11, 12, 30, 2000});
}

static void
check_no_words (const HfTextTape *tape)
{
  static const int a[] = {1000, 20, 2000}, b[] = {1000, 30, 2000};
  const int *const ids[] = {a, b};
  const gsize n_ids[] = {3, 3};
  g_autoptr (HfContext) context =
      hf_context_new (tape, ids, n_ids, 2, 77, 4, TRUE, 0);
  g_autoptr (HfContext) again =
      hf_context_new (tape, ids, n_ids, 2, 77, 4, TRUE, 0);
  g_autoptr (HfContext) other =
      hf_context_new (tape, ids, n_ids, 2, 77, 4, TRUE, 1);
  gsize n = hf_context_get_n_numbers (context);

  g_assert_cmpint (context->first, ==, 1);
  g_assert_cmpuint (n, ==, 2 * 4 * (gsize) context->width);
  assert_token (tape, context, 5, 20);
  assert_token (tape, context, 12, 30);
  g_assert_cmpmem (context->vectors, n * sizeof (float), again->vectors,
                   n * sizeof (float));
  g_assert_cmpint (
      memcmp (context->vectors, other->vectors, n * sizeof (float)), !=, 0);
}

/* What is gathered from rows is what was put there. */
static void
check_round_trip (const HfTextTape *tape)
{
  for (int per_class = 0; per_class < 2; per_class++) {
    g_autoptr (HfContext) context =
        hf_context_new (tape, both, n_both, N_CLASSES, 77, 5, per_class, 0);
    gsize n = hf_context_get_n_numbers (context);
    gsize n_rows = (gsize) context->n_rows * context->width;
    g_autofree float *vectors = new_numbers (n, 3);
    g_autofree float *rows = g_new0 (float, n_rows);
    g_autofree double *sums = g_new (double, n);

    hf_context_put (context, vectors, rows);
    hf_context_gather (context, rows, sums);
    for (gsize j = 0; j < n; j++)
      g_assert_cmpfloat (sums[j], ==, vectors[j] * (per_class ? 1 : 2));
  }
}

static void
check_cut (const HfTextTape *tape)
{
  g_autoptr (HfContext) context =
      hf_context_new (tape, both, n_both, N_CLASSES, 9, 5, FALSE, 0);

  /* start, five vectors, what is left of the class, end. */
  g_assert_cmpint (context->lengths[0], ==, 9);
  assert_token (tape, context, 8, 2000);
  assert_token (tape, context, 7, 21);
  assert_token (tape, context, 16, 2000);
}

static void
test_words (HfOps *ops, HfPrecision precision)
{
  with_tape (ops, check_words);
}

static void
test_no_words (HfOps *ops, HfPrecision precision)
{
  with_tape (ops, check_no_words);
}

static void
test_round_trip (HfOps *ops, HfPrecision precision)
{
  with_tape (ops, check_round_trip);
}

static void
test_cut (HfOps *ops, HfPrecision precision)
{
  with_tape (ops, check_cut);
}

int
main (int argc, char **argv)
{
  init_tests (&argc, &argv);
  add_ops_test ("/tuning/context/the-last-shared-words-learn", test_words);
  add_ops_test ("/tuning/context/no-shared-word", test_no_words);
  add_ops_test ("/tuning/context/put-and-gather", test_round_trip);
  add_ops_test ("/tuning/context/cut-to-the-models-length", test_cut);
  return g_test_run ();
}
