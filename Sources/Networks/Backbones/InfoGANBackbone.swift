import LineupKernels
import LineupTensors

// The networks of InfoGAN (Chen et al. 2016), shared by adversarial and variational models so that comparisons of the two
// compare objectives, not networks (as in Lucic et al. 2018, "Are GANs created equal?").

/// Images to vectors: two convolutions that each halve the size, a fully connected layer, and a linear head. It is a GAN's
/// discriminator with one output, and a VAE's encoder with two for each dimension of the code.
///
/// It has no batch normalisation, so an output depends on its own image alone.
public struct InfoGANEncoder: Layer {
  var convolution1: Convolution2D
  var convolution2: Convolution2D
  var hidden: Linear
  var output: Linear

  /// - Parameters:
  ///   - imageShape: `[height, width, channels]`, with sides that are multiples of 4.
  ///   - channels: the widths of the two convolutions, from the image inwards.
  ///   - hidden: the width of the fully connected layer.
  public init(imageShape: [Int], channels: [Int], hidden width: Int, outputs: Int, random: RandomStream) {
    let (rows, columns) = quarteredSides(imageShape)
    require(channels.count == 2, "the InfoGAN networks have two convolutions, not \(channels.count)")
    var stream = random.split("convolution1")
    convolution1 = Convolution2D(
      imageShape[2], to: channels[0], kernel: 4, stride: 2, padding: .all(1), initializer: .heNormal, random: &stream)
    stream = random.split("convolution2")
    convolution2 = Convolution2D(
      channels[0], to: channels[1], kernel: 4, stride: 2, padding: .all(1), initializer: .heNormal, random: &stream)
    stream = random.split("hidden")
    hidden = Linear(rows * columns * channels[1], to: width, initializer: .heNormal, random: &stream)
    stream = random.split("output")
    output = Linear(width, to: outputs, initializer: .lecunNormal, random: &stream)
  }

  /// `[batch, height, width, channels]` to `[batch, outputs]`.
  public func callAsFunction(_ images: Tensor) -> Tensor {
    let inner = leakyRelu(convolution2(leakyRelu(convolution1(images))))
    return output(leakyRelu(hidden(inner.reshaped(to: [images.shape[0], -1]))))
  }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("convolution1", &convolution1)
    visitor.child("convolution2", &convolution2)
    visitor.child("hidden", &hidden)
    visitor.child("output", &output)
  }
}

/// Vectors to images in [−1, 1]: the mirror image of `InfoGANEncoder`. It is a GAN's generator and a VAE's decoder.
///
/// Where it has batch normalisation, `training(_:)` uses and remembers the batch's own statistics, and calling the decoder
/// uses the remembered ones, so that an image then depends on its own code alone.
public struct InfoGANDecoder: Layer {
  var hidden: Linear
  var expansion: Linear
  var convolution1: TransposeConvolution2D
  var convolution2: TransposeConvolution2D
  /// After all layers but the last, or none.
  var norms: [BatchNorm]
  /// `[rows, columns, channels]` of the smallest image, a quarter of the size.
  let innerShape: [Int]

  /// - Parameters:
  ///   - imageShape: `[height, width, channels]`, with sides that are multiples of 4.
  ///   - channels: the widths of the two convolutions, from the image inwards.
  ///   - hidden: the width of the fully connected layer.
  ///   - normalizes: whether batch normalisation follows all layers but the last.
  public init(
    latentSize: Int, imageShape: [Int], channels: [Int], hidden width: Int, normalizes: Bool, random: RandomStream
  ) {
    let (rows, columns) = quarteredSides(imageShape)
    require(channels.count == 2, "the InfoGAN networks have two convolutions, not \(channels.count)")
    innerShape = [rows, columns, channels[1]]
    norms = normalizes ? [width, rows * columns * channels[1], channels[0]].map { BatchNorm($0, momentum: 1) } : []
    var stream = random.split("hidden")
    hidden = Linear(latentSize, to: width, initializer: .heNormal, random: &stream)
    stream = random.split("expansion")
    expansion = Linear(width, to: rows * columns * channels[1], initializer: .heNormal, random: &stream)
    // Each output of a transposed convolution with kernel 4 and stride 2 is a sum over 2 × 2 positions.
    stream = random.split("convolution1")
    convolution1 = TransposeConvolution2D(
      channels[1], to: channels[0], initializer: .normal(deviation: (2 / Float(4 * channels[1])).squareRoot()),
      random: &stream)
    stream = random.split("convolution2")
    convolution2 = TransposeConvolution2D(
      channels[0], to: imageShape[2], initializer: .normal(deviation: (1 / Float(4 * channels[0])).squareRoot()),
      random: &stream)
  }

  /// `[batch, latentSize]` to `[batch, height, width, channels]`, with the remembered statistics.
  public func callAsFunction(_ codes: Tensor) -> Tensor {
    decoded(codes) { norms.isEmpty ? $1 : norms[$0]($1) }
  }

  /// The same with the statistics of this batch, which are remembered.
  public mutating func training(_ codes: Tensor) -> Tensor {
    var norms = norms
    defer { self.norms = norms }
    return decoded(codes) { norms.isEmpty ? $1 : norms[$0].training($1) }
  }

  private func decoded(_ codes: Tensor, normalized: (Int, Tensor) -> Tensor) -> Tensor {
    let inner = relu(normalized(1, expansion(relu(normalized(0, hidden(codes))))))
    let outer = relu(normalized(2, convolution1(inner.reshaped(to: [codes.shape[0]] + innerShape))))
    return tanh(convolution2(outer))
  }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("hidden", &hidden)
    visitor.child("expansion", &expansion)
    visitor.child("convolution1", &convolution1)
    visitor.child("convolution2", &convolution2)
    visitor.children("norms", &norms)
  }
}

/// A quarter of an image's height and width.
private func quarteredSides(_ imageShape: [Int]) -> (Int, Int) {
  require(
    imageShape.count == 3 && imageShape[0] % 4 == 0 && imageShape[1] % 4 == 0,
    "the InfoGAN networks need images [height, width, channels] with sides that are multiples of 4, not \(imageShape)")
  return (imageShape[0] / 4, imageShape[1] / 4)
}
