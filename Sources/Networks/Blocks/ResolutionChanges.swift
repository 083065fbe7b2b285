import LineupTensors

/// Half the resolution: a 3×3 convolution of stride 2, as diffusers' `Downsample2D`.
package struct Downsampler2D: Layer {
  var conv: Convolution2D

  /// - Parameter padding: zeros on each side; 0 means one zero on the right and below only, as the published autoencoders
  ///   were trained.
  package init(_ channels: Int, padding: Int, random: inout RandomStream) {
    conv = Convolution2D(
      channels, to: channels, stride: 2,
      padding: padding == 0 ? .explicit(top: 0, bottom: 1, left: 0, right: 1) : .all(padding), random: &random)
  }

  package func callAsFunction(_ input: Tensor) -> Tensor { conv(input) }

  package mutating func visit(_ visitor: inout some ModuleVisitor) { visitor.child("conv", &conv) }
}

/// Twice the resolution: each pixel repeated, then a 3×3 convolution, as diffusers' `Upsample2D`.
package struct Upsampler2D: Layer {
  var conv: Convolution2D

  package init(_ channels: Int, random: inout RandomStream) {
    conv = Convolution2D(channels, to: channels, random: &random)
  }

  package func callAsFunction(_ input: Tensor) -> Tensor { conv(input.upsampledNearest(by: 2)) }

  /// Enlarged to a height and width instead, for images of odd size that were halved on the way down.
  package func callAsFunction(_ input: Tensor, height: Int, width: Int) -> Tensor {
    conv(input.resizedNearest(height: height, width: width))
  }

  package mutating func visit(_ visitor: inout some ModuleVisitor) { visitor.child("conv", &conv) }
}

extension Tensor {
  /// Images `[batch, height, width, channels]` enlarged or reduced by taking, for each new pixel, the old one that its
  /// corner falls into.
  func resizedNearest(height: Int, width: Int) -> Tensor {
    let (b, h, w, c) = (shape[0], shape[1], shape[2], shape[3])
    if height == 2 * h, width == 2 * w { return upsampledNearest(by: 2) }
    let rows = (0..<height).map { $0 * h / height }
    let columns = (0..<width).map { $0 * w / width }
    let pixels = (0..<b).flatMap { image in
      rows.flatMap { row in columns.map { column in Int32((image * h + row) * w + column) } }
    }
    return reshaped(to: [b * h * w, c]).gatheredRows(pixels).reshaped(to: [b, height, width, c])
  }
}
