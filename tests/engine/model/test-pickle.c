#include "model/torch/legacy.h"
#include "model/torch/state.h"

#include <string.h>
#include <time.h>

/* Pieces of pickles, protocol 2. */
#define TEXT(length, text) "X" length "\0\0\0" text
#define STORAGE(key, count)                                            \
  "(" TEXT ("\7", "storage") "ctorch\nFloatStorage\n" TEXT ("\1", key) \
      TEXT ("\3", "cpu") "K" count "tQ"
#define TENSOR(key, count, rest)                                   \
  "ctorch._utils\n_rebuild_tensor_v2\n(" STORAGE (key, count) rest \
      "\x89"                                                       \
      "ccollections\nOrderedDict\n)RtR"
/* Offset 1, shape (2, 2), strides (1, 2). */
#define VIEW "K\1K\2K\2\x86K\1K\2\x86"
/* 2^62, and an empty tensor (3, 0) whose third row would lie outside. */
#define HUGE "\x8a\10\0\0\0\0\0\0\0@"
#define EMPTY_VIEW "K\0K\3K\0\x86K\7K\1\x86"

typedef struct {
  const char *bytes;
  gsize n;
} Pickle;

#define PICKLE(text)        \
  {                         \
    text, sizeof (text) - 1 \
  }

static HfPickle *
read_all (Pickle pickle, GError **error)
{
  gsize n_read = 0;
  HfPickle *read =
      hf_pickle_read ((const guint8 *) pickle.bytes, pickle.n, &n_read, error);

  if (read != NULL)
    g_assert_cmpuint (n_read, ==, pickle.n);
  return read;
}

/* Two storages of ten numbers, or none. */
static gboolean
find (gpointer data, HfPickleStorage *storage, GError **error)
{
  static const float numbers[10] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  int *n_calls = data;

  (*n_calls)++;
  g_assert_true (hf_pickle_node_is_string (storage->key, "0"));
  g_assert_cmpint (storage->n_elements, ==, 10);
  storage->data = (const guint8 *) numbers;
  return TRUE;
}

static HfTensorFile *
load (Pickle pickle, int *n_calls, GError **error)
{
  g_autoptr (HfPickle) read = read_all (pickle, error);
  g_autoptr (HfTorchState) state = NULL;
  g_autoptr (HfTensorFile) file = hf_tensor_file_new (NULL, NULL);

  *n_calls = 0;
  if (read == NULL)
    return NULL;
  state = hf_torch_state_new (hf_pickle_get_top (read), error);
  if (state == NULL ||
      !hf_torch_state_find_storages (state, find, n_calls, error) ||
      !hf_torch_state_add_to (state, file, error))
    return NULL;
  return g_steal_pointer (&file);
}

static void
assert_view (const HfTensorFile *file, const char *name)
{
  const HfTensor *tensor = hf_tensor_file_get (file, name);
  float got[4];

  g_assert_nonnull (tensor);
  g_assert_cmpint (tensor->n_dims, ==, 2);
  hf_tensor_read (tensor, got);
  g_assert_cmpfloat (got[0], ==, 1);
  g_assert_cmpfloat (got[1], ==, 3);
  g_assert_cmpfloat (got[2], ==, 2);
  g_assert_cmpfloat (got[3], ==, 4);
}

/* An OrderedDict with the attributes that torch gives a state dictionary. */
static void
test_state_dict (void)
{
  static const Pickle pickle =
      PICKLE ("\x80\2"
              "ccollections\nOrderedDict\n)R(" TEXT ("\1", "w")
                  TENSOR ("0", "\12", VIEW) "u}" TEXT ("\1", "v") "K\1sb.");
  g_autoptr (GError) error = NULL;
  int n_calls;
  g_autoptr (HfTensorFile) file = load (pickle, &n_calls, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (hf_tensor_file_get_n_tensors (file), ==, 1);
  assert_view (file, "w");
}

/* The optimizer's storage has another key, which is never looked for. */
static void
test_checkpoint (void)
{
  static const Pickle pickle = PICKLE (
      "\x80\2}(" TEXT ("\5", "epoch") "K\3" TEXT (
          "\12", "state_dict") "}" TEXT ("\10", "module.w")
          TENSOR ("0", "\12", VIEW) "s" TEXT (
              "\11", "optimizer") "}K\0" TENSOR ("9", "\12", VIEW) "su.");
  g_autoptr (GError) error = NULL;
  int n_calls;
  g_autoptr (HfTensorFile) file = load (pickle, &n_calls, &error);

  g_assert_no_error (error);
  g_assert_cmpint (n_calls, ==, 1);
  g_assert_cmpuint (hf_tensor_file_get_n_tensors (file), ==, 1);
  assert_view (file, "module.w");
}

/* A module in a module, as TorchScript writes them. */
static void
test_script (void)
{
  static const Pickle pickle =
      PICKLE ("\x80\2"
              "c__torch__.a.b\nNet\n)\x81}" TEXT (
                  "\3", "sub") "c__torch__\nInner\n)\x81}(" TEXT ("\1", "w")
                  TENSOR ("0", "\12", VIEW) TEXT ("\10", "training") "\x89ub"
                                                                     "sb.");
  g_autoptr (GError) error = NULL;
  int n_calls;
  g_autoptr (HfTensorFile) file = load (pickle, &n_calls, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (hf_tensor_file_get_n_tensors (file), ==, 1);
  assert_view (file, "sub.w");
}

/* No row of nothing lies outside the numbers. */
static void
test_empty (void)
{
  static const Pickle pickle =
      PICKLE ("\x80\2}" TEXT ("\1", "w") TENSOR ("0", "\12", EMPTY_VIEW) "s.");
  static const Pickle far = PICKLE ("\x80\2}" TEXT ("\1", "w") TENSOR (
      "0", "\12", "K\0K\0K\0\x86" HUGE HUGE "\x86") "s.");
  g_autoptr (GError) error = NULL;
  int n_calls;
  g_autoptr (HfTensorFile) file = load (pickle, &n_calls, &error);
  g_autoptr (HfTensorFile) farther = load (far, &n_calls, &error);
  const HfTensor *tensor;

  g_assert_no_error (error);
  tensor = hf_tensor_file_get (file, "w");
  g_assert_true (hf_tensor_view_rows (tensor, 2, 1).data == tensor->data);
  tensor = hf_tensor_file_get (farther, "w");
  g_assert_cmpint (hf_tensor_get_n_elements (tensor), ==, 0);
}

/* Modules that hold each other end the walk, not the program. */
static void
test_circle (void)
{
  static const Pickle pickle =
      PICKLE ("\x80\2"
              "c__torch__\nNet\n)\x81q\1}" TEXT ("\1", "a") "h\1s"
                                                            "b.");
  g_autoptr (GError) error = NULL;
  int n_calls;

  g_assert_null (load (pickle, &n_calls, &error));
  g_assert_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "nested too deep"));
}

static void
test_refusals (void)
{
  static const struct {
    Pickle pickle;
    HfModelError code;
    const char *reason;
  } cases[] = {
      {PICKLE ("\x80\2"
               "cos\nsystem\n."),
       HF_MODEL_ERROR_UNSAFE, "os.system"},
      {PICKLE ("\x80\2"
               "ctorch\nload\n."),
       HF_MODEL_ERROR_UNSAFE, "torch.load"},
      {PICKLE ("\x80\2"
               "c__torch__evil\nX\n."),
       HF_MODEL_ERROR_UNSAFE, "__torch__evil.X"},
      {PICKLE ("\x80\2"
               "ctorch\nFloatStorage\n)R."),
       HF_MODEL_ERROR_FORMAT, "cannot be called"},
      {PICKLE ("\x80\2"
               "ccollections\nOrderedDict\n(K\1tR."),
       HF_MODEL_ERROR_FORMAT, "cannot be called"},
      {PICKLE ("\x80\2(K\1K\2."), HF_MODEL_ERROR_FORMAT, "within a mark"},
      {PICKLE ("\x80\2K\1(a."), HF_MODEL_ERROR_FORMAT, "stack is empty"},
      {PICKLE ("\x80\2](K\1\x85."), HF_MODEL_ERROR_FORMAT, "within a mark"},
      {PICKLE ("\x80\2}(K\1u."), HF_MODEL_ERROR_FORMAT, "do not agree"},
      {PICKLE ("\x80\2}" TEXT ("\1", "w") TENSOR ("0", "\4", VIEW) "s."),
       HF_MODEL_ERROR_FORMAT, "past its numbers"},
      {PICKLE ("\x80\2}" TEXT ("\1", "w") TENSOR (
           "0", "\12", "K\0K\0" HUGE HUGE "\x87K\1K\1K\1\x87") "s."),
       HF_MODEL_ERROR_FORMAT, "past its numbers"},
      {PICKLE ("\x80\2h\1."), HF_MODEL_ERROR_FORMAT, "recalls"},
      {PICKLE ("\x80\2}" TEXT ("\1", "w") "](K\1es."), HF_MODEL_ERROR_FORMAT,
       "plain dictionary"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    int n_calls;

    g_assert_null (load (cases[i].pickle, &n_calls, &error));
    g_assert_error (error, HF_MODEL_ERROR, (int) cases[i].code);
    if (strstr (error->message, cases[i].reason) == NULL)
      g_error ("\"%s\" does not say \"%s\"", error->message, cases[i].reason);
  }
}

/* A pickle of one opcode many times over: memory and the processor's time stay
 * bounded. */
static void
test_floods (void)
{
  static const char *const ops[] = {"N",    "(",  "}",  "2",    ")",
                                    "K\1a", "]e", "Nr", "\x94", "NNs"};

  for (gsize i = 0; i < G_N_ELEMENTS (ops); i++) {
    g_autoptr (GString) flood = g_string_new ("]}");
    clock_t start = clock ();
    g_autoptr (HfPickle) pickle = NULL;

    while (flood->len < 5000000)
      g_string_append (flood, ops[i]);
    pickle = read_all ((Pickle){flood->str, flood->len}, NULL);
    g_assert_null (pickle);
    g_assert_cmpint (clock () - start, <, 5 * CLOCKS_PER_SEC);
  }
}

/* The form before 1.6: magic, protocol, facts, object, keys, numbers. */
#define LEGACY(count, extra)                                                  \
  "\x80\2\x8a\12\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."                    \
  "\x80\2M\xe9\3."                                                            \
  "\x80\2}" TEXT (                                                            \
      "\15", "little_endian") "\x88s."                                        \
                              "\x80\2}" TEXT (                                \
                                  "\1", "w") "ctorch._utils\n_rebuild_"       \
                                             "parameter\n(" TENSOR (          \
                                                 "0", "\2",                   \
                                                 "K\0K\2\x85K\1"              \
                                                 "\x85") "\x88tRs"            \
                                                         "."                  \
                                                         "\x80\2]"            \
                                                         "(" TEXT ("\1", "0") \
                                                             extra            \
      "e." count "\0\0\0\0\0\0\0"                                             \
      "\0\0\x80\x3f\0\0\0\x40"

static void
test_legacy (void)
{
  static const char good[] = LEGACY ("\2", "");
  static const char count[] = LEGACY ("\3", "");
  static const char twice[] = LEGACY ("\2", TEXT ("\1", "0"));
  static const struct {
    const char *bytes;
    gsize n;
    const char *reason;
  } bad[] = {
      {good, sizeof (good) - 2, "ends within its numbers"},
      {count, sizeof (count) - 1, "wrong length"},
      {twice, sizeof (twice) - 1, "twice"},
      {good, 20, "ends early"},
  };
  g_autoptr (GBytes) bytes = g_bytes_new_static (good, sizeof (good) - 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfTensorFile) file = hf_torch_legacy_parse (bytes, &error);
  float got[2];

  g_assert_no_error (error);
  hf_tensor_read (hf_tensor_file_get (file, "w"), got);
  g_assert_cmpfloat (got[0], ==, 1);
  g_assert_cmpfloat (got[1], ==, 2);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GBytes) broken = g_bytes_new_static (bad[i].bytes, bad[i].n);
    g_autoptr (GError) why = NULL;

    g_assert_null (hf_torch_legacy_parse (broken, &why));
    g_assert_error (why, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT);
    if (strstr (why->message, bad[i].reason) == NULL)
      g_error ("\"%s\" does not say \"%s\"", why->message, bad[i].reason);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/pickle/state-dictionary-with-attributes",
                   test_state_dict);
  g_test_add_func ("/model/pickle/checkpoint-without-its-optimizer",
                   test_checkpoint);
  g_test_add_func ("/model/pickle/script-modules-become-dotted-names",
                   test_script);
  g_test_add_func ("/model/pickle/empty-tensors-stay-within-their-numbers",
                   test_empty);
  g_test_add_func ("/model/pickle/circles-of-modules-are-refused", test_circle);
  g_test_add_func ("/model/pickle/refusals-say-why", test_refusals);
  g_test_add_func ("/model/pickle/floods-are-bounded", test_floods);
  g_test_add_func ("/model/pickle/legacy-files-are-read-or-refused",
                   test_legacy);
  return g_test_run ();
}
