/* progress-bar.c: see the header. The terminal is one for the whole process,
 * so the state of its last line is too: a mutex and the bar that is on it. */
#include "app/cli/progress-bar.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { REDRAW_US = 100 * 1000, DEFAULT_COLUMNS = 80 };

struct _HfProgressBar {
  char *label;
  HfUnit unit;
  gint64 started_us, drawn_us;
  gint64 done, total;
  gint64 first_done; /* what was there when we began: a resumed download */
  gboolean on_terminal;
};

static GRecMutex terminal_lock;
static HfProgressBar *terminal_bar; /* guarded by terminal_lock */

static int
get_columns (void)
{
  const char *wanted = g_getenv ("COLUMNS");
  gint64 columns = wanted != NULL ? g_ascii_strtoll (wanted, NULL, 10) : 0;
  struct winsize size;

  if (columns > 0 && columns < 10000)
    return (int) columns;
  if (ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return DEFAULT_COLUMNS;
}

static char *
dup_amount (HfUnit unit, gint64 amount)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (unit == HF_UNIT_PICTURES)
    return g_strdup_printf ("%" G_GINT64_FORMAT, amount);
  g_ascii_formatd (number, sizeof number, "%.1f", (double) amount / 1e6);
  return g_strdup_printf ("%s MB", number);
}

static char *
dup_rate (HfUnit unit, double per_second)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (unit == HF_UNIT_BYTES)
    per_second /= 1e6;
  g_ascii_formatd (number, sizeof number, per_second < 10 ? "%.1f" : "%.0f",
                   per_second);
  return g_strdup_printf ("%s%s/s", number, unit == HF_UNIT_BYTES ? " MB" : "");
}

static char *
dup_time (double seconds)
{
  gint64 s = (gint64) (seconds + 0.5);

  if (s >= 3600)
    return g_strdup_printf ("%d:%02d:%02d", (int) (s / 3600),
                            (int) (s / 60 % 60), (int) (s % 60));
  return g_strdup_printf ("%d:%02d", (int) (s / 60), (int) (s % 60));
}

static void
append_bar (GString *line, double part, int width)
{
  int filled = (int) (part * width + 0.5);

  if (width < 4)
    return;
  g_string_append (line, " [");
  for (int i = 0; i < width; i++)
    g_string_append_c (line, i < filled ? '#' : '.');
  g_string_append_c (line, ']');
}

char *
hf_progress_bar_dup_line (const char *label, HfUnit unit, gint64 done,
                          gint64 total, double per_second, int columns)
{
  enum { WIDEST_BAR = 30, BAR_FRAME = 3 };
  g_autofree char *done_text = dup_amount (unit, done);
  g_autoptr (GString) tail = g_string_new (NULL);
  GString *line = g_string_new (label);

  if (done > 0 || total > 0)
    g_string_append_printf (tail, " %s", done_text);
  if (total > 0) {
    g_autofree char *total_text = dup_amount (unit, total);

    g_string_append_printf (tail, " of %s", total_text);
  }
  if (per_second > 0) {
    g_autofree char *rate_text = dup_rate (unit, per_second);

    g_string_append_printf (tail, ", %s", rate_text);
  }
  if (per_second > 0 && total >= done && total > 0) {
    g_autofree char *left = dup_time ((double) (total - done) / per_second);

    g_string_append_printf (tail, ", %s left", left);
  }
  if (total > 0)
    append_bar (line, (double) MIN (done, total) / (double) total,
                MIN (WIDEST_BAR, columns - 1 - BAR_FRAME - (int) line->len -
                                     (int) tail->len));
  g_string_append (line, tail->str);
  if (columns > 0 && line->len > (gsize) columns - 1)
    g_string_truncate (line, (gsize) columns - 1);
  return g_string_free (line, FALSE);
}

static void
draw (HfProgressBar *self, gint64 now_us)
{
  double seconds = (double) (now_us - self->started_us) / 1e6;
  double fresh = (double) (self->done - self->first_done);
  g_autofree char *line = hf_progress_bar_dup_line (
      self->label, self->unit, self->done, self->total,
      seconds > 0.3 ? fresh / seconds : 0, get_columns ());

  self->drawn_us = now_us;
  fprintf (stderr, "\r%s\033[K", line);
  fflush (stderr);
}

HfProgressBar *
hf_progress_bar_new (const char *label, HfUnit unit)
{
  HfProgressBar *self = g_new0 (HfProgressBar, 1);
  const char *terminal = g_getenv ("TERM");

  self->label = g_strdup (label);
  self->unit = unit;
  self->started_us = g_get_monotonic_time ();
  self->on_terminal = isatty (STDERR_FILENO) &&
                      (terminal == NULL || !g_str_equal (terminal, "dumb"));
  g_rec_mutex_lock (&terminal_lock);
  terminal_bar = self;
  /* At once: before the first picture a first start compiles for seconds. */
  if (self->on_terminal)
    draw (self, self->started_us);
  g_rec_mutex_unlock (&terminal_lock);
  return self;
}

static void
erase (HfProgressBar *self)
{
  if (self->on_terminal && self->drawn_us > 0)
    fputs ("\r\033[K", stderr);
}

void
hf_progress_bar_free (HfProgressBar *self)
{
  if (self == NULL)
    return;
  g_rec_mutex_lock (&terminal_lock);
  erase (self);
  terminal_bar = NULL;
  g_rec_mutex_unlock (&terminal_lock);
  g_free (self->label);
  g_free (self);
}

void
hf_progress_bar_report (gint64 done, gint64 total, gpointer bar)
{
  HfProgressBar *self = bar;
  gint64 now_us = g_get_monotonic_time ();

  g_rec_mutex_lock (&terminal_lock);
  if (self->done == 0 && self->unit == HF_UNIT_BYTES)
    self->first_done = done;
  self->done = done;
  self->total = total;
  if (self->on_terminal &&
      (now_us - self->drawn_us >= REDRAW_US || done == total))
    draw (self, now_us);
  g_rec_mutex_unlock (&terminal_lock);
}

void
hf_progress_bar_lock (void)
{
  g_rec_mutex_lock (&terminal_lock);
  if (terminal_bar != NULL)
    erase (terminal_bar);
}

void
hf_progress_bar_unlock (void)
{
  fflush (stderr);
  if (terminal_bar != NULL && terminal_bar->on_terminal &&
      terminal_bar->drawn_us > 0)
    draw (terminal_bar, g_get_monotonic_time ());
  g_rec_mutex_unlock (&terminal_lock);
}
