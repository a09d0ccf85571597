/* patience.h: how tests wait. A test goes on as soon as what it waits for is
 * there, so the limit is only for what never comes; it is the same for all
 * tests, generous, and more so under a sanitizer. */
#pragma once

#include <glib.h>

/* Runs the main loop until @condition, an expression, holds. Ends the program
 * with its words if it never does. */
#define patience_until(condition)                             \
  G_STMT_START                                                \
  {                                                           \
    gint64 patience_end_us = 0;                               \
                                                              \
    while (!(condition))                                      \
      if (!patience_lasts (&patience_end_us))                 \
        g_error ("%s: never came: %s", G_STRLOC, #condition); \
  }                                                           \
  G_STMT_END

/* The same until @func (a gboolean of one pointer) says TRUE of the data behind
 * it, an expression that is looked at once. */
#define patience_for(func, ...)             \
  G_STMT_START                              \
  {                                         \
    gpointer patience_data = (__VA_ARGS__); \
                                            \
    patience_until (func (patience_data));  \
  }                                         \
  G_STMT_END

/* Turns the main loop once. FALSE when the limit is over; *@end_us is 0 before
 * the first turn. For a test that has more to say than a condition. */
gboolean patience_lasts (gint64 *end_us);
