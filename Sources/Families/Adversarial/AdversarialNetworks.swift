import LineupNetworks
import LineupTensors

/// Latent numbers `[batch, latentSize]` to samples: the InfoGAN decoder with batch normalisation for images, plain layers
/// for points.
struct Generator: Module {
  private var images: InfoGANDecoder?
  private var points: MultilayerPerceptron?

  init(_ options: AdversarialOptions, sampleShape: [Int], random: RandomStream) {
    if sampleShape.count == 3 {
      images = InfoGANDecoder(
        latentSize: options.latentSize, imageShape: sampleShape, channels: options.channels, hidden: options.hidden,
        normalizes: true, random: random)
    } else {
      points = MultilayerPerceptron(
        widths: [options.latentSize] + options.pointLayers + sampleShape, slope: 0, random: random)
    }
  }

  /// Samples that each depend on their own latent numbers alone.
  func callAsFunction(_ latents: Tensor) -> Tensor { images?(latents) ?? points!(latents) }

  /// Samples normalised by the statistics of this batch, which are remembered.
  mutating func training(_ latents: Tensor) -> Tensor { images?.training(latents) ?? points!(latents) }

  /// This generator with the statistics of many latent numbers, always the same ones, instead of those of its last batch:
  /// the standing statistics of Brock, Donahue and Simonyan 2019. So samples do not depend on what they are drawn with, and
  /// averaged weights get statistics of their own.
  func withStandingStatistics(latentSize: Int) -> Generator {
    guard images != nil else { return self }
    var random = RandomStream(seed: 0).split("standing statistics")
    var copy = self
    _ = copy.training(random.normal([512, latentSize]))
    return copy
  }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("images", &images)
    visitor.child("points", &points)
  }
}

/// Samples to scores `[batch, 1]`, positive where a sample seems real: the InfoGAN encoder for images, plain layers for
/// points. Without batch normalisation, so that a penalty on one sample's gradient is about that sample alone.
struct Discriminator: Module {
  private var images: InfoGANEncoder?
  private var points: MultilayerPerceptron?

  init(_ options: AdversarialOptions, sampleShape: [Int], random: RandomStream) {
    if sampleShape.count == 3 {
      images = InfoGANEncoder(
        imageShape: sampleShape, channels: options.channels, hidden: options.hidden, outputs: 1, random: random)
    } else {
      points = MultilayerPerceptron(widths: sampleShape + options.pointLayers + [1], random: random)
    }
  }

  func callAsFunction(_ samples: Tensor) -> Tensor { images?(samples) ?? points!(samples) }

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("images", &images)
    visitor.child("points", &points)
  }
}
