/* probe/svm.h: support vector machines for classification, one against one,
 * on a kernel matrix that the caller computed. Plain arrays in, plain arrays
 * out; no state: any number of threads. Same input, same bytes.
 *
 * For each pair of classes i < j, in the order (0,1) (0,2) ... (1,2) ..., with
 * y = 1 for class i and -1 for class j, it minimises over alpha
 *   alpha' Q alpha / 2 - sum alpha,  Q_rs = y_r y_s K_rs,
 *   0 <= alpha_r <= c weight_r,  y' alpha = 0.
 * A positive decision speaks for class i. */
#pragma once

#include "base/progress.h"

G_BEGIN_DECLS

typedef struct {
  const double *kernel; /* [n][n], symmetric, positive semi-definite */
  const int *label;     /* [n], in [0, n_classes) */
  gsize n;
  int n_classes;     /* >= 2 */
  gboolean balanced; /* weigh each row by n / (K n_c): the rows that are
                        fitted, of all classes, the classes among them, those
                        of its class */
} HfSvmData;

/* Fine enough to compare with other programs; and for choosing strengths. */
#define HF_SVM_EXACT 1e-10
#define HF_SVM_ROUGH 1e-3

/* The kernel matrix exp (-gamma ||x_r - x_s||^2) of the rows whose inner
 * products are @gram, double[n][n]; @out may be @gram. @gamma is as in
 * scikit-learn where it is given as a number. */
void hf_svm_kernel_rbf (const double *gram, gsize n, double gamma, double *out);

/* n_classes (n_classes - 1) / 2. */
int hf_svm_get_n_pairs (int n_classes);

/* Fits to rows @rows[@n_rows] of @data (NULL: all) until no pair of rows
 * violates the conditions of the optimum by more than @tolerance, or rounding
 * allows no further step. @model, double[n_pairs][n_rows + 1], is the result:
 * for each of the rows y alpha (0 for most), then the intercept. It is also
 * the start: zeros, or the result at a smaller or equal @c. A pair with one
 * class absent always speaks for the other; with both, its decision is 0.
 * Returns the number of steps of all pairs. */
gsize hf_svm_fit (const HfSvmData *data, const gsize *rows, gsize n_rows,
                  double c, double tolerance, double *model);

/* Pair decisions of @n rows whose kernel values with the rows fitted are
 * @kernel, double[n][n_rows], into double[n][n_pairs]. */
void hf_svm_decide (const double *model, int n_classes, gsize n_rows,
                    const double *kernel, gsize n, double *decisions);

/* Scores of classes from pair decisions, double[n][n_pairs], into
 * double[n][n_classes]. With two classes: half the decision, and its negative.
 * With more: the votes, and below 1/3 of a vote from the summed decisions, so
 * that it parts classes with equal votes. */
void hf_svm_score (const double *decisions, int n_classes, gsize n,
                   double *scores);

/* Scores of every row by fits that did not see it, at every strength, as
 * hf_linear_score_held_out. @scores is double[n_c][n_rows][n_classes]. FALSE
 * only with G_IO_ERROR_CANCELLED; @progress may be NULL. */
gboolean hf_svm_score_held_out (const HfSvmData *data, const gsize *rows,
                                gsize n_rows, const int *fold, int n_folds,
                                const double *c, int n_c, double tolerance,
                                double *scores, HfProgress *progress,
                                GError **error);

G_END_DECLS
