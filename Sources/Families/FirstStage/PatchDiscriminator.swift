import LineupNetworks
import LineupTensors

/// A discriminator that judges patches of images, not whole ones (Isola et al. 2017, "PatchGAN"), small enough for images
/// of 28 to 64 pixels: each of its scores sees 22 × 22 pixels. It has no normalisation, so a score depends on its own
/// image alone.
struct PatchDiscriminator: Layer {
  /// Each but the last halves the size.
  var convolutions: [Convolution2D]
  var output: Convolution2D

  init(channels: Int, widths: [Int] = [32, 64], random: RandomStream) {
    var stream = random
    convolutions = widths.indices.map { index in
      Convolution2D(
        index == 0 ? channels : widths[index - 1], to: widths[index], kernel: 4, stride: 2, padding: .all(1),
        initializer: .heNormal, random: &stream)
    }
    output = Convolution2D(widths[widths.count - 1], to: 1, kernel: 4, padding: .all(1), random: &stream)
  }

  /// Scores `[batch, h, w, 1]`, positive where a patch seems real.
  func callAsFunction(_ images: Tensor) -> Tensor {
    output(convolutions.reduce(images) { leakyRelu($1($0)) })
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.children("convolutions", &convolutions)
    visitor.child("output", &output)
  }
}
