#include "include/floatingPoint.h"

#if defined(__x86_64__)
#include <xmmintrin.h>

unsigned ck_floating_point_mode(void) { return _mm_getcsr() & ~0x3fu; }  // without the sticky exception flags
void ck_set_floating_point_mode(unsigned mode) { _mm_setcsr(mode); }
void ck_flush_denormals(void) { _mm_setcsr(_mm_getcsr() | 0x8040u); }
#else
unsigned ck_floating_point_mode(void) { return 0; }
void ck_set_floating_point_mode(unsigned mode) { (void)mode; }
void ck_flush_denormals(void) {}
#endif
