#include "include/scalar.h"
#include <math.h>

float ck_logf(float x) { return logf(x); }
float ck_expf(float x) { return expf(x); }
float ck_cosf(float x) { return cosf(x); }
float ck_sinf(float x) { return sinf(x); }
