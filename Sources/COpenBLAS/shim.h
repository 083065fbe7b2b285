#include <cblas.h>
char *openblas_get_corename(void);
