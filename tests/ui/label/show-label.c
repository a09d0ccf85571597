/* Draws the Label page over a folder of pictures into a PNG, to be looked at:
 * show-label FOLDER FILE.png WIDTH HEIGHT [N_LABELS [WHAT]]. */
#include "bench.h"
#include "stage.h"

#include <stdlib.h>

int
main (int argc, char **argv)
{
  const char *const classes[] = {"good", "rusty", "cracked"};
  LabelBench bench;
  guint n_labels = argc > 5 ? (guint) atoi (argv[5]) : 0;

  stage_init ();
  label_bench_open (&bench, argv[1], classes, G_N_ELEMENTS (classes));
  label_bench_rest (&bench, 500);
  for (guint i = 0; i < n_labels; i++)
    label_bench_label (&bench, i, 1, i % 3);
  label_bench_show (&bench, atoi (argv[3]), atoi (argv[4]));
  label_bench_rest (&bench, 3000);
  if (argc > 6)
    hf_label_page_show (bench.page, argv[6]);
  label_bench_rest (&bench, 300);
  stage_save (bench.window, argv[2]);
  label_bench_close (&bench);
  return 0;
}
