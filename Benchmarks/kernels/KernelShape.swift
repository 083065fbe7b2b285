import Foundation
import LineupKernels
import LineupStrictJSON

/// One row of a table of shapes (`Benchmarks/configurations/kernels.json`). The kind says which of the numbers it has.
struct KernelShape: Codable {
  enum Kind: String, Codable {
    /// C [m, n] = A [m, k] · B [k, n].
    case product
    /// A square kernel over images `[batch, side, side, inputs]`, without bias, in all three directions.
    case convolution
    /// Over images `[batch, side, side, channels]`.
    case groupNormAndSiLU = "group norm and SiLU"
    /// With its projections, over the pixels of images `[batch, side, side, channels]`.
    case linearAttention = "linear attention"
    case fullAttention = "full attention"
    /// One step over `count` parameters.
    case adam
  }

  var kind: Kind
  var m, n, k: Int?
  var batch, side, inputs, outputs, kernel, stride: Int?
  var channels, groups, heads, headWidth: Int?
  var count: Int?
  /// What was measured: the median by direction.
  var seconds: [String: Double]?

  enum CodingKeys: String, CodingKey {
    case kind, m, n, k, batch, side, inputs, outputs, kernel, stride, channels, groups, heads, count, seconds
    case headWidth = "head_width"
  }

  static func table(path: String) throws -> [KernelShape] {
    try JSONFile.read([KernelShape].self, from: path)
  }

  /// A number that this kind of row must have.
  func number(_ path: KeyPath<KernelShape, Int?>, _ name: String) throws -> Int {
    guard let value = self[keyPath: path] else { throw MissingNumber(kind: kind.rawValue, name: name) }
    return value
  }

  struct MissingNumber: Error, CustomStringConvertible {
    var kind, name: String
    var description: String { "the table of shapes: a row of kind \"\(kind)\" needs \"\(name)\"" }
  }

  /// As much padding as keeps the size of images, or divides it by the stride.
  func geometry() throws -> ConvolutionGeometry {
    let (side, kernel, stride) = try (
      number(\.side, "side"), number(\.kernel, "kernel"), number(\.stride, "stride")
    )
    let padding = kernel - stride
    return try ConvolutionGeometry(
      batch: number(\.batch, "batch"), inputHeight: side, inputWidth: side, inputChannels: number(\.inputs, "inputs"),
      outputChannels: number(\.outputs, "outputs"), kernelHeight: kernel, kernelWidth: kernel, strideHeight: stride,
      strideWidth: stride, padTop: padding - padding / 2, padBottom: padding / 2, padLeft: padding - padding / 2,
      padRight: padding / 2)
  }
}
