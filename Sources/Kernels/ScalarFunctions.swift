import CLineupKernels

/// Single-number elementary functions of the C library, for callers that stay free of Foundation.
package func scalarLog(_ x: Float) -> Float { ck_logf(x) }
package func scalarExp(_ x: Float) -> Float { ck_expf(x) }
package func scalarCos(_ x: Float) -> Float { ck_cosf(x) }
package func scalarSin(_ x: Float) -> Float { ck_sinf(x) }
package func scalarSqrt(_ x: Float) -> Float { x.squareRoot() }
