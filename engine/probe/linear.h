/* probe/linear.h: logistic regression. Plain arrays in, plain arrays out; no
 * state: any number of threads. Same input, same bytes.
 *
 * Minimises, as scikit-learn's LogisticRegression does,
 *   c * sum_i weight_i loss_i + ||W - A||^2 / 2
 * where the intercept is free, A is the anchor (zero without one) and loss is
 * the multinomial one; with two classes the binary one, with one row of
 * weights for class 1 against class 0. */
#pragma once

#include "base/progress.h"

G_BEGIN_DECLS

typedef struct {
  const double *x;          /* [n][dim], row-major, finite */
  const int *label;         /* [n], in [0, n_classes) */
  const double *row_weight; /* [n], >= 0; NULL: all 1 */
  const double *anchor;     /* [n_weights][dim], scaled; NULL: zero */
  gsize n, dim;
  int n_classes;     /* >= 2 */
  gboolean balanced; /* also weigh each row by n / (K n_c): the rows
                        that are fitted, the classes among them, those of its
                        class */
} HfLinearData;

/* Fine enough to compare with other programs; and for choosing strengths. */
#define HF_LINEAR_EXACT 1e-10
#define HF_LINEAR_ROUGH 1e-2

/* Rows of weights: 1 with two classes, else @n_classes. A row has dim + 1
 * numbers, the last of which is the intercept. */
int hf_linear_get_n_weights (int n_classes);

/* Fits to rows @rows[@n_rows] of @data (NULL: all) until the gradient is not
 * longer than @tolerance times the weights (both by their largest elements,
 * rows scaled to length about 1), or rounding allows no further step; weights
 * are then off by about that part of the largest. @weights,
 * double[n_weights][dim + 1], is the start (zero will do, the solution at
 * another strength is better) and the result. Intercepts of more than two
 * classes sum to 0. A class without rows is left out of the loss; its weights
 * are its anchor and its intercept is HF_LINEAR_ABSENT (where one row of
 * weights speaks for two classes: or minus that). Returns the number of Newton
 * steps. */
#define HF_LINEAR_ABSENT -1e6
int hf_linear_fit (const HfLinearData *data, const gsize *rows, gsize n_rows,
                   double c, double tolerance, double *weights);

/* The scores of @n rows @x, double[n][dim], whose softmax are probabilities,
 * into double[n][n_classes]. With two classes: 0 and the row's score. */
void hf_linear_score (const double *weights, int n_classes, gsize dim,
                      const double *x, gsize n, double *scores);

/* Scores of every row by fits that did not see it, at every strength. Row
 * @rows[i] (@rows NULL: row i) belongs to fold @fold[i], in [0, n_folds); each
 * fold's fits go through @c[@n_c], which rises, each starting where the last
 * one ended. @scores is double[n_c][n_rows][n_classes]. Works in the span of
 * the rows. FALSE only with G_IO_ERROR_CANCELLED; @progress may be NULL. */
gboolean hf_linear_score_held_out (const HfLinearData *data, const gsize *rows,
                                   gsize n_rows, const int *fold, int n_folds,
                                   const double *c, int n_c, double tolerance,
                                   double *scores, HfProgress *progress,
                                   GError **error);

G_END_DECLS
