/* ui/evaluate/threshold/strip-handle.h: what is dragged on a score strip: the
 * threshold, or an end of the unsure band. To keys and to a screen reader it is
 * a slider from 0 to 1: arrows move it by 0.01, with Shift by 0.001, Page Up
 * and Page Down by 0.1, Home and End to the ends.
 *
 * Signal "moved" (double value): the user wants it there. The handle itself
 * stays until hf_strip_handle_set_value. Main thread only. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_STRIP_HANDLE (hf_strip_handle_get_type ())
G_DECLARE_FINAL_TYPE (HfStripHandle, hf_strip_handle, HF, STRIP_HANDLE,
                      GtkWidget)

/* @round: the disc of the threshold; else the grip of the band. @name is what a
 * screen reader calls it. */
GtkWidget *hf_strip_handle_new (const char *name, gboolean round);

void hf_strip_handle_set_value (HfStripHandle *self, double value);
double hf_strip_handle_get_value (HfStripHandle *self);

/* The user takes it to @value, within 0..1. */
void hf_strip_handle_move (HfStripHandle *self, double value);

G_END_DECLS
