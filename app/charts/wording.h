/* app/charts/wording.h: numbers for people. Rates in words, count first: "2 of
 * 38", "5 % (1.3–19 %)". Two significant digits for intervals; a rate has a
 * decimal only from 200 pictures on, and where it would else say 0 or 100 % of
 * what is neither. In a language written from the right an interval or a minus
 * keeps its order: isolates (U+2066, U+2069) are around it there.
 *
 * Decimal mark and thousands are those of the locale (LC_NUMERIC). handful-cli
 * sets none, so that a script reads "1,234" and "0.5" wherever it runs. What
 * programs read (CSV, JSON, keys) is written by g_ascii_formatd instead. */
#pragma once

#include "evaluate/rate.h"

G_BEGIN_DECLS

/* "2 of 38"; "none" where n is 0 (caller frees, as below). */
char *hf_wording_dup_count (const HfRate *rate) G_GNUC_WARN_UNUSED_RESULT;

/* "5 %"; "" where n is 0, and at none of n, where the bound says more. */
char *hf_wording_dup_rate (const HfRate *rate) G_GNUC_WARN_UNUSED_RESULT;

/* "1.3–19 %"; at none of n "below 4.9 %", the one-sided bound; "no interval"
 * where there is none; "" where n is 0. */
char *hf_wording_dup_interval (const HfRate *rate) G_GNUC_WARN_UNUSED_RESULT;

/* "2 of 38, 5 % (1.3–19 %)"; "0 of 60 from 5 lots, below 45 %". */
char *hf_wording_dup_sentence (const HfRate *rate) G_GNUC_WARN_UNUSED_RESULT;

/* A share with @digits significant ones, in percent and without the sign. */
char *hf_wording_dup_percent (double share,
                              int digits) G_GNUC_WARN_UNUSED_RESULT;

/* 1234567 as "1,234,567". */
char *hf_wording_dup_number (gint64 number) G_GNUC_WARN_UNUSED_RESULT;

/* @value with @digits decimals: "0.44", in German "0,44". */
char *hf_wording_dup_decimal (double value,
                              int digits) G_GNUC_WARN_UNUSED_RESULT;

/* "2", or "-2" with a minus as wide as a plus; with @plus "+2" and "0". */
char *hf_wording_dup_signed (gint64 number,
                             gboolean plus) G_GNUC_WARN_UNUSED_RESULT;

/* @value with at most @digits significant ones: "0.5", "12", "1e-05". */
char *hf_wording_dup_short (double value, int digits) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
