#include <cblas.h>
char *openblas_get_corename(void);

/* LAPACK routines that OpenBLAS carries and cblas.h does not declare. Arguments by address, matrices column-major. */

/* All eigenvalues (ascending) and, with jobz 'V', eigenvectors of a symmetric matrix, by divide and conquer. */
void dsyevd_(const char *jobz, const char *uplo, const blasint *n, double *a, const blasint *lda, double *w,
             double *work, const blasint *lwork, blasint *iwork, const blasint *liwork, blasint *info);

/* The eigenvalues il to iu (1-based, ascending) of a symmetric matrix, and with jobz 'V' their eigenvectors. */
void dsyevr_(const char *jobz, const char *range, const char *uplo, const blasint *n, double *a, const blasint *lda,
             const double *vl, const double *vu, const blasint *il, const blasint *iu, const double *abstol,
             blasint *m, double *w, double *z, const blasint *ldz, blasint *isuppz, double *work,
             const blasint *lwork, blasint *iwork, const blasint *liwork, blasint *info);
