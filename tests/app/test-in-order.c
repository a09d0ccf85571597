/* Results that come in any order. */
#include "app/jobs/in-order.h"

#include <gio/gio.h>
#include <string.h>

/* A result is a witness: of what was seen, and of what was freed. */
typedef struct {
  GString *seen;
  int n_freed;
  gsize fails_at;
} Witness;

static void
free_item (gpointer item)
{
  ((Witness *) item)->n_freed++;
}

static gboolean
see_cb (gsize index, gpointer item, gpointer data, GError **error)
{
  Witness *self = data;

  g_assert_true (item == data);
  g_string_append_printf (self->seen, "%" G_GSIZE_FORMAT " ", index);
  if (index != self->fails_at)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "enough");
  return FALSE;
}

static void
check (gsize fails_at, const char *order, const char *wanted)
{
  Witness self = {.seen = g_string_new (NULL), .fails_at = fails_at};
  gsize n = strlen (order);
  HfInOrder *results = hf_in_order_new (n, free_item, see_cb, &self);
  gsize n_put = 0;

  for (gsize i = 0; i < n; i++) {
    g_autoptr (GError) error = NULL;
    gsize index = (gsize) (order[i] - '0');

    n_put++;
    if (hf_in_order_put (results, index, &self, &error))
      continue;
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
    break;
  }
  hf_in_order_free (results);
  g_assert_cmpstr (self.seen->str, ==, wanted);
  g_assert_cmpint (self.n_freed, ==, (int) n_put);
  g_string_free (self.seen, TRUE);
}

static void
test_any_order (void)
{
  check (G_MAXSIZE, "01234", "0 1 2 3 4 ");
  check (G_MAXSIZE, "43210", "0 1 2 3 4 ");
  check (G_MAXSIZE, "20143", "0 1 2 3 4 ");
  check (G_MAXSIZE, "", "");
}

static void
test_end (void)
{
  check (1, "20143", "0 1 ");
  check (0, "2104", "0 ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/in-order/results-are-handed-on-in-their-order",
                   test_any_order);
  g_test_add_func ("/in-order/an-end-frees-what-waits", test_end);
  return g_test_run ();
}
