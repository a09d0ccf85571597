/* app/charts/wording.h: rates in words, count first: "2 of 38", "5 % (1.3–19
 * %)". Two significant digits for intervals; a rate has a decimal only from 200
 * pictures on, and where it would else say 0 or 100 % of what is neither. */
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

G_END_DECLS
