/* The regression problem: a data set split and standardised, its exact least-squares solution,
 * and the largest stable rates that follow from its Hessian.
 *
 * Model: prediction X w + b; loss = mean over the rows in use of the squared error (no half).
 * A weight vector has `size` = features + 1 numbers, the bias last. */
#ifndef LRSCOPE_TRAINER_PROBLEM_H
#define LRSCOPE_TRAINER_PROBLEM_H

#include "trainer/dataset.h"
#include "trainer/order.h"
#include "trainer/training.h"

struct problem {
	size_t features, size;
	size_t training_rows, validation_rows;
	double *rows;              /* training rows, then validation rows, in the model's units: row_size(features)
				      numbers each (lanes.h); LANES - 1 rows of zeros behind them */
	struct orders *orders;     /* of the training rows in each epoch */
	char (*columns)[DATASET_NAME]; /* features names, then the target's */
	double *solution;          /* least-squares weights, model's units; minimum-norm if rank < size;
				      filled up with zeros to lanes_of(size) */
	double floor;              /* training loss there */
	double *shift;             /* size + 1: the means of those features (and of the target) that lie far from 0,
				      measured in their deviations; else 0, and for the bias */
	double *centre;            /* `solution` where each number counts from its shift: the bias is another */
	double *root;              /* triangle R with R'R = hessian / 2, both of shifted numbers, by columns of
				      lanes_of(size) (solve.h) */
	double *image;             /* R w*, found without w*, and the rest (solve.h) */
	double *hessian;           /* size x size: 2/n * [X 1]'[X 1] */
	double *eigenvalues;       /* of the Hessian, ascending */
	double *eigenvectors;      /* size x size, column k belongs to eigenvalues[k] */
	size_t rank;
	bool far;                  /* distances from `solution` lose digits: columns are nearly collinear, or squares underflow */
	bool shifted;              /* some shift is not 0 */
	unsigned constant_features; /* features that are constant in the training rows, set to 0 */
	char constant_name[DATASET_NAME]; /* the first of them */
	struct limit_cache *limits; /* made when the first limit is asked for */
	void *memory;              /* what all of the above lies in */
};

void problem_init(struct problem *problem);
void problem_done(struct problem *problem);

/* Split (plan's seed, validation, tail), standardise, solve. Refused: constant target when
 * standardising; values so large that the Gram matrix overflows. */
bool problem_make(struct problem *problem, const struct dataset *dataset, const struct plan *plan,
		  struct error *error);

/* Mean squared error over all training rows (the floor and the excess; from the rows themselves where weights
 * are infinite) or validation rows; NaN without validation rows. */
double problem_training_loss(const struct problem *problem, const double *weights);
double problem_validation_loss(const struct problem *problem, const double *weights);
/* (w - w*)' (H/2) (w - w*) = |R (w - w*)|^2: training loss minus the floor without cancellation (where the
 * problem is `far` the difference itself), never negative; inf where it overflows or a weight is infinite,
 * NaN where one is NaN. */
double problem_excess(const struct problem *problem, const double *weights);

/* Reference least squares: QR with column pivoting and iterative refinement (solve.c) on `rows` x `columns`
 * row-major `a`; solution of minimum norm where the rank is deficient. Agrees with NIST's
 * certified values to at least min(12, digits of the data - 2) digits. */
bool least_squares(const double *a, const double *b, size_t rows, size_t columns, double *x,
		   double *residual_sum_of_squares, size_t *rank, struct error *error);

enum limit_kind {
	LIMIT_NONE,        /* no such limit is known for this optimizer (Adam, AdamW) */
	LIMIT_MEAN_SQUARE, /* i.i.d. mini-batches, plain SGD: second moments stay bounded below it */
	LIMIT_FULL_BATCH,  /* 2/lambda_max or its heavy-ball or Nesterov form */
};

struct limit {
	enum limit_kind kind;
	bool approximate; /* batches are smaller than what the full-batch limit assumes: say "full batch" */
	double lr;        /* inf when kind is LIMIT_NONE */
	bool no_memory;   /* approximate for want of memory alone */
};

/* Largest stable rate for this plan with SGD's momentum `momentum` in force. L2 weight decay is
 * part of the Hessian. Mean square: 1/rho(L^-1 Q) on symmetric S with L(S) = HS + SH and
 * Q(S) = E[H_B S H_B] for batches drawn without replacement. Full batch: 2/lambda,
 * heavy ball 2(1+mu)/((1-dampening) lambda), Nesterov 2(1+mu)/((1+2mu) lambda). */
struct limit problem_limit(struct problem *problem, const struct plan *plan, double momentum);

#endif
