/* Draws the Prompts page over a folder with a sub-folder for each class into a
 * PNG, to be looked at: show-prompts FOLDER FILE.png WIDTH HEIGHT [empty | open
 * | typing]. HANDFUL_CLI is the command line's path. */
#include "app/project/prompts.h"
#include "bench.h"
#include "stage.h"

#include <stdlib.h>

static const char *const templates[] = {
    "a photo of a {class} {product}", "a close-up of a {class} {product}",
    "a {product} that is {class}", "a {degree} {class} {product}",
    "an X-ray of a {class} {product}"};

static gboolean
fill (HfProject *project, gpointer data, GError **error)
{
  const char *const product[] = {"bearing ring", NULL};
  const char *const degree[] = {"slightly", "severely", NULL};
  const char *const good[] = {"intact", NULL};
  gboolean ok =
      hf_project_set_filling (project, "product", NULL, product, error) &&
      hf_project_set_filling (project, "degree", "rusty", degree, error) &&
      hf_project_set_filling (project, "class", "good", good, error);

  for (gsize i = 0; ok && i < G_N_ELEMENTS (templates); i++)
    ok = hf_project_add_template (project, templates[i], error) &&
         hf_project_enable_template (project, templates[i], i < 3, error);
  return ok;
}

int
main (int argc, char **argv)
{
  const char *what = argc > 5 ? argv[5] : "";
  PromptsBench bench = {0};
  GtkWidget *widget;

  stage_init ();
  prompts_bench_open (&bench, argv[1], atoi (argv[3]), atoi (argv[4]));
  if (!g_str_equal (what, "empty"))
    prompts_bench_edit (&bench, fill, NULL);
  prompts_bench_embed (&bench);
  for (guint i = 0;
       g_str_equal (what, "open") &&
       (widget = prompts_bench_find (&bench, ADW_TYPE_EXPANDER_ROW, i)) != NULL;
       i++)
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (widget), i == 0);
  if (g_str_equal (what, "open"))
    gtk_expander_set_expanded (
        GTK_EXPANDER (prompts_bench_find (&bench, GTK_TYPE_EXPANDER, 0)), TRUE);
  if (g_str_equal (what, "typing"))
    gtk_editable_set_text (
        GTK_EDITABLE (prompts_bench_find (&bench, GTK_TYPE_TEXT, 1)),
        "a {colour} {class} oxidised {product");
  prompts_bench_settle (&bench);
  g_usleep (700000);
  stage_save (bench.window, argv[2]);
  prompts_bench_close (&bench);
  return 0;
}
