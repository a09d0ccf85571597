/* compute/driver-use.h: the end of the process waits for a driver at work. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A driver unloads itself in exit(); a thread that is in its code then falls
 * through the floor. Seen with PoCL 3.1: a window closed while a program was
 * being compiled. So whoever calls a driver for long, or leaves work with it,
 * says so, and exit() waits until nobody does. */

/* Every begin needs one end, from any thread. Once the process leaves and
 * nobody is inside, begin does not return. */
void hf_driver_use_begin (void);
void hf_driver_use_end (void);

/* Waits until nobody is inside and lets nobody in again. The last thing main
 * does; exit() does it too, for those that leave in another way. */
void hf_driver_use_shut (void);

/* To be called after a driver has, or may have, registered functions for the
 * end of the process: those registered last run first, and ours must be ahead
 * of it. In an exit() during the very first load of a driver it is not. */
void hf_driver_use_stay_ahead (void);

/* begin and end by scope: g_autoptr (HfDriverUse) use = hf_driver_use (); */
typedef struct _HfDriverUse HfDriverUse;

static inline HfDriverUse *
hf_driver_use (void)
{
  hf_driver_use_begin ();
  /* Anything but NULL, which would not be left. */
  return (HfDriverUse *) "";
}

static inline void
hf_driver_use_leave (HfDriverUse *use)
{
  hf_driver_use_end ();
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfDriverUse, hf_driver_use_leave)

G_END_DECLS
