/* base/wide-loops.h: to be included last, by a file whose plain loops are to
 * become vectors: what follows is compiled for that, and a function that begins
 * with HF_FOR_EACH_CPU once for each width of vectors, of which the processor's
 * is called. No clone fuses a product with a sum, so that all give the same
 * bits. */
#pragma once

/* clang up to 16 names the clones so that other files do not find them, and
 * makes vectors at any level. */
#if defined(__GNUC__) && !defined(__clang__)
/* gcc 12 makes vectors of loops of unknown length only from here on. */
#pragma GCC optimize("O3")
#if defined(__x86_64__) && defined(__gnu_linux__)
#define HF_FOR_EACH_CPU __attribute__ ((target_clones ("avx2", "default")))
#endif
#endif
#ifndef HF_FOR_EACH_CPU
#define HF_FOR_EACH_CPU
#endif
