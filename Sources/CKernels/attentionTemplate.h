// Softmax attention for one instruction set. The includer defines
//   NAME(x)            a name with the instruction set's suffix
//   TARGET             the function attributes that enable it
//   LANES              floats in a vector
//   MAX_VECTORS        vectors of a row of sums held in registers
//   ROWS_1 … ROWS_4    rows of sums held in registers when there are 1 … MAX_VECTORS vectors in a row
//   FMA(x, y, z)       x * y + z, rounded once where the processor can

typedef float NAME(vector) __attribute__((vector_size(LANES * 4), aligned(4)));
typedef int NAME(integers) __attribute__((vector_size(LANES * 4), aligned(4)));
typedef double NAME(doubles) __attribute__((vector_size(LANES * 4), aligned(4)));

#define UNROLLED _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline)) TARGET
#define BLOCK CK_ATTENTION_BLOCK
#define AT(p) (*(NAME(vector) *)(p))
#define READ(p) (*(const NAME(vector) *)(p))
#define ALL(x) ((x) - (NAME(vector)){0})  // x - 0 is x in all lanes; 0 + x would cost an addition
#define VECTORS(n) (((n) + LANES - 1) / LANES)
#if LANES == 16
#define TURNED 16  // rows that are turned into columns together
#else
#define TURNED 8
#endif

#include "attentionTiles.h"
#include "attentionForward.h"
#include "attentionGradient.h"
#include "attentionLinear.h"

#undef UNROLLED
#undef INLINE
#undef BLOCK
#undef AT
#undef READ
#undef ALL
#undef VECTORS
#undef TURNED
#undef NAME
#undef TARGET
#undef LANES
#undef MAX_VECTORS
#undef ROWS_1
#undef ROWS_2
#undef ROWS_3
#undef ROWS_4
#undef FMA
