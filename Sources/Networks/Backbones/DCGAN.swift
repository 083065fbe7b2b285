import LineupKernels
import LineupTensors

// The networks of Radford, Metz and Chintala 2016 for images of 2^(levels + 2) pixels a side: batch normalisation after all
// convolutions but the outermost, no biases, weights that begin normal with deviation 0.02.

/// Codes to images in [−1, 1]: a first transposed convolution to 4×4, then one for each doubling of the size.
public struct DCGANGenerator: Module {
  /// Each with a kernel of 4×4.
  var convolutions: [TransposeConvolution2D]
  /// After all convolutions but the last.
  var norms: [BatchNorm]

  /// - Parameters:
  ///   - codeWidth: numbers in a code.
  ///   - channels: widths of the levels, outermost first.
  public init(codeWidth: Int, imageChannels: Int, channels: [Int], random: inout RandomStream) {
    require(!channels.isEmpty, "a generator needs at least one level")
    let widths = [codeWidth] + channels.reversed() + [imageChannels]
    convolutions = (0..<widths.count - 1).map { index in
      TransposeConvolution2D(
        widths[index], to: widths[index + 1], stride: index == 0 ? 1 : 2, padding: index == 0 ? .valid : .all(1),
        bias: false, initializer: .normal(deviation: 0.02), random: &random)
    }
    norms = channels.reversed().map { BatchNorm($0) }
  }

  /// `[batch, codeWidth]` to `[batch, side, side, imageChannels]`, with the remembered statistics.
  public func callAsFunction(_ codes: Tensor) -> Tensor { decoded(codes) { norms[$0]($1) } }

  /// The same with the statistics of this batch, which move the remembered ones.
  public mutating func training(_ codes: Tensor) -> Tensor {
    var norms = norms
    defer { self.norms = norms }
    return decoded(codes) { norms[$0].training($1) }
  }

  private func decoded(_ codes: Tensor, normalized: (Int, Tensor) -> Tensor) -> Tensor {
    var hidden = codes.reshaped(to: [codes.shape[0], 1, 1, codes.shape[1]])
    for (index, convolution) in convolutions.dropLast().enumerated() {
      hidden = relu(normalized(index, convolution(hidden)))
    }
    return tanh(convolutions[convolutions.count - 1](hidden))
  }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.children("convolutions", &convolutions)
    visitor.children("norms", &norms)
  }
}

/// Images to scores, positive where an image seems real: a convolution for each halving of the size, and one over the 4×4
/// positions that are left.
public struct DCGANDiscriminator: Module {
  /// Each with a kernel of 4×4.
  var convolutions: [Convolution2D]
  /// After all convolutions but the first and the last.
  var norms: [BatchNorm]

  /// `channels` are the widths of the levels, outermost first.
  public init(imageChannels: Int, channels: [Int], random: inout RandomStream) {
    require(!channels.isEmpty, "a discriminator needs at least one level")
    let widths = [imageChannels] + channels + [1]
    convolutions = (0..<widths.count - 1).map { index in
      let isLast = index == widths.count - 2
      return Convolution2D(
        widths[index], to: widths[index + 1], kernel: 4, stride: isLast ? 1 : 2, padding: isLast ? .valid : .all(1),
        bias: false, initializer: .normal(deviation: 0.02), random: &random)
    }
    norms = channels.dropFirst().map { BatchNorm($0) }
  }

  /// `[batch, side, side, imageChannels]` to `[batch]`, with the statistics of this batch, which move the remembered ones.
  public mutating func training(_ images: Tensor) -> Tensor {
    var hidden = leakyRelu(convolutions[0](images))
    for index in norms.indices {
      hidden = leakyRelu(norms[index].training(convolutions[index + 1](hidden)))
    }
    return convolutions[convolutions.count - 1](hidden).reshaped(to: [images.shape[0]])
  }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.children("convolutions", &convolutions)
    visitor.children("norms", &norms)
  }
}
