import LineupKernels

/// The elementary functions that random numbers need, without Foundation.
extension Float {
  static func log(_ x: Float) -> Float { scalarLog(x) }
  static func cos(_ x: Float) -> Float { scalarCos(x) }
  static func sin(_ x: Float) -> Float { scalarSin(x) }
}
