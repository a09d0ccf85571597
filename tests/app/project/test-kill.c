/* Two programs label one project and are killed at random moments, again and
 * again: what they had reported is there, and a step is there whole or not at
 * all. HANDFUL_KILLS in the environment says how often (default 20); with
 * HANDFUL_KILLS_FOLDER the project lies there, on a real disk. */
#include "app/project/classes.h"
#include "app/project/labels.h"
#include "app/project/repair/check.h"
#include "base/rng.h"
#include "fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { N_IMAGES = 60, N_CLASSES = 4, N_PROGRAMS = 2, MOST_CHANGES = 5 };

/* A program that labels: its own pictures, by numbers drawn from a seed, so
 * that both sides know what step n is. */
typedef struct {
  pid_t pid;
  int fd; /* a byte 'b' before a step begins, 'e' when it has ended */
  HfRng rng;
  int parity; /* which pictures are its own */
} Program;

static gsize
draw_step (HfRng *rng, int parity, HfLabelChange *changes)
{
  gsize n = 1 + hf_rng_next_below (rng, MOST_CHANGES);

  for (gsize i = 0; i < n; i++) {
    guint64 image = hf_rng_next_below (rng, N_IMAGES / N_PROGRAMS);

    changes[i].image_id =
        1 + (gint64) image * N_PROGRAMS + parity; /* numbers begin with 1 */
    changes[i].class_id = (gint64) hf_rng_next_below (rng, N_CLASSES + 1);
  }
  return n;
}

static void G_GNUC_NORETURN
label_for_ever (const char *path, HfRng rng, int parity, int fd)
{
  g_autoptr (HfProject) project = hf_project_open (path, NULL);

  for (;;) {
    HfLabelChange changes[MOST_CHANGES];
    gsize n = draw_step (&rng, parity, changes);

    if (write (fd, "b", 1) != 1 || project == NULL ||
        !hf_project_set_labels (project, changes, n, HF_LABEL_BY_HAND,
                                HF_SHOWN_BROWSE, NULL, NULL) ||
        write (fd, "e", 1) != 1)
      _exit (1);
  }
}

static void
start (Program *self, const char *path, guint64 seed, int parity)
{
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  hf_rng_init (&self->rng, seed);
  self->parity = parity;
  self->fd = fds[0];
  self->pid = fork ();
  g_assert_cmpint (self->pid, >=, 0);
  if (self->pid == 0) {
    close (fds[0]);
    label_for_ever (path, self->rng, parity, fds[1]);
  }
  close (fds[1]);
}

/* Kills it and counts its steps. */
static void
end (Program *self, gsize *n_begun, gsize *n_ended)
{
  char byte;
  int status;

  g_assert_cmpint (kill (self->pid, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (self->pid, &status, 0), ==, self->pid);
  g_assert_true (WIFSIGNALED (status));
  *n_begun = *n_ended = 0;
  while (read (self->fd, &byte, 1) == 1) {
    *n_begun += byte == 'b';
    *n_ended += byte == 'e';
  }
  close (self->fd);
}

static void
replay (Program *self, gsize n_steps, gint64 *classes)
{
  for (gsize i = 0; i < n_steps; i++) {
    HfLabelChange changes[MOST_CHANGES];
    gsize n = draw_step (&self->rng, self->parity, changes);

    for (gsize j = 0; j < n; j++)
      classes[changes[j].image_id] = changes[j].class_id;
  }
}

/* Whether the pictures of a program are as @classes says. */
static gboolean
is_state (const HfSamples *samples, int parity, const gint64 *classes)
{
  for (guint i = 0; i < samples->samples->len; i++) {
    const HfSample *sample = samples->samples->pdata[i];

    if ((sample->image_id - 1) % N_PROGRAMS == parity &&
        sample->label + 1 != classes[sample->image_id])
      return FALSE;
  }
  return TRUE;
}

static void
check_program (Program *self, const HfSamples *samples, gsize n_begun,
               gsize n_ended, gint64 *classes)
{
  gint64 reported[N_IMAGES + 1];

  replay (self, n_ended, classes);
  memcpy (reported, classes, sizeof reported);
  g_assert_cmpuint (n_begun - n_ended, <=, 1);
  replay (self, n_begun - n_ended, classes);
  if (is_state (samples, self->parity, classes))
    return;
  /* The step that was under way did not get there. */
  g_assert_true (is_state (samples, self->parity, reported));
  memcpy (classes, reported, sizeof reported);
}

static void
kill_once (Fixture *fixture, guint64 seed, guint longest_us, gint64 *classes,
           gsize *n_steps)
{
  Program programs[N_PROGRAMS];
  gsize n_begun[N_PROGRAMS], n_ended[N_PROGRAMS];
  g_autoptr (HfProject) project = NULL;
  g_autoptr (HfSamples) samples = NULL;
  g_autoptr (GPtrArray) faults = NULL;
  g_autoptr (GError) error = NULL;
  HfRng rng;

  hf_rng_init (&rng, seed);
  for (int p = 0; p < N_PROGRAMS; p++)
    start (&programs[p], fixture->path, hf_rng_next (&rng), p);
  g_usleep (1000 + hf_rng_next_below (&rng, longest_us));
  for (int p = 0; p < N_PROGRAMS; p++)
    end (&programs[p], &n_begun[p], &n_ended[p]);
  project = hf_project_open (fixture->path, &error);
  g_assert_no_error (error);
  samples = hf_project_dup_samples (project, &error);
  g_assert_no_error (error);
  for (int p = 0; p < N_PROGRAMS; p++) {
    check_program (&programs[p], samples, n_begun[p], n_ended[p], classes);
    *n_steps += n_ended[p];
  }
  faults = hf_project_check (fixture->path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (faults->len, ==, 0);
}

static void
move_to (Fixture *fixture, const char *folder)
{
  g_autofree char *path =
      g_build_filename (folder, "handful-kills.handful", NULL);
  g_autofree char *bytes = NULL;
  gsize n;

  g_clear_pointer (&fixture->project, hf_project_close);
  g_assert_true (g_file_get_contents (fixture->path, &bytes, &n, NULL));
  g_assert_true (g_file_set_contents (path, bytes, (gssize) n, NULL));
  g_free (fixture->path);
  fixture->path = g_steal_pointer (&path);
}

static void
test_kills (Fixture *fixture, gconstpointer unused)
{
  const char *wanted = g_getenv ("HANDFUL_KILLS");
  const char *folder = g_getenv ("HANDFUL_KILLS_FOLDER");
  int n_kills = wanted != NULL ? atoi (wanted) : 20;
  gint64 classes[N_IMAGES + 1] = {0};
  guint longest_us = 60000;
  gsize n_steps = 0;

  for (int i = 0; i < N_IMAGES; i++) {
    g_autofree char *name = g_strdup_printf ("in/%03d.jpg", i);

    fixture_put (fixture, name, name);
  }
  for (int c = 0; c < N_CLASSES; c++) {
    const char name[] = {(char) ('a' + c), '\0'};

    g_assert_cmpint (
        hf_project_add_class (fixture->project, name, HF_CLASS_OTHER, NULL), ==,
        c + 1);
  }
  g_assert_cmpuint (fixture_add (fixture, "in"), ==, N_IMAGES);
  g_clear_pointer (&fixture->project, hf_project_close);
  if (folder != NULL)
    move_to (fixture, folder);
  for (int i = 0; i < n_kills || n_steps <= (gsize) n_kills / 4; i++) {
    const gsize n_before = n_steps;

    kill_once (fixture, (guint64) i, longest_us, classes, &n_steps);
    /* Nothing got to its end: a slow disk has more time. */
    if (n_steps == n_before)
      longest_us *= 2;
  }
  g_test_message ("%d times two programs killed, %" G_GSIZE_FORMAT
                  " steps reported",
                  n_kills, n_steps);
  if (folder != NULL)
    g_unlink (fixture->path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/kill/reported-labels-survive-and-steps-are-whole", Fixture,
              NULL, fixture_set_up, test_kills, fixture_tear_down);
  return g_test_run ();
}
