#pragma once

/// Lets the calling thread treat denormal numbers as zero (MXCSR flush-to-zero and denormals-are-zero): arithmetic on them
/// is many times slower and no result of ours needs them.
void ck_flush_denormals(void);

/// The calling thread's floating-point mode (MXCSR), and a way to adopt that of another thread.
unsigned ck_floating_point_mode(void);
void ck_set_floating_point_mode(unsigned mode);

/// Tells the processor that the calling thread waits in a loop.
static inline void ck_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}
