import CKernels

/// Single-number elementary functions of the C library, for callers that stay free of Foundation.
public func scalarLog(_ x: Float) -> Float { ck_logf(x) }
public func scalarExp(_ x: Float) -> Float { ck_expf(x) }
public func scalarCos(_ x: Float) -> Float { ck_cosf(x) }
public func scalarSin(_ x: Float) -> Float { ck_sinf(x) }
public func scalarSqrt(_ x: Float) -> Float { x.squareRoot() }
