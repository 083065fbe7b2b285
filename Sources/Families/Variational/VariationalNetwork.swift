import LineupNetworks
import LineupTensors

/// A VAE's encoder and decoder, and the decoder's deviation where that is learned: the networks of the GAN with another
/// head.
package struct VariationalNetwork: Module {
  private var imageEncoder: InfoGANEncoder?
  private var imageDecoder: InfoGANDecoder?
  private var pointEncoder: MultilayerPerceptron?
  private var pointDecoder: MultilayerPerceptron?
  /// The raw logarithm of the decoder's standard deviation, of shape `[1]`; see `logDeviation`.
  private var deviation: Tensor?

  package init(_ options: VariationalOptions, sampleShape: [Int], random: RandomStream) {
    let (encoding, decoding) = (random.split("encoder"), random.split("decoder"))
    if sampleShape.count == 3 {
      imageEncoder = InfoGANEncoder(
        imageShape: sampleShape, channels: options.channels, hidden: options.hidden,
        outputs: 2 * options.latentSize, random: encoding)
      imageDecoder = InfoGANDecoder(
        latentSize: options.latentSize, imageShape: sampleShape, channels: options.channels, hidden: options.hidden,
        normalizes: false, random: decoding)
    } else {
      let hidden = [options.hidden, options.hidden]
      pointEncoder = MultilayerPerceptron(
        widths: sampleShape + hidden + [2 * options.latentSize], random: encoding)
      pointDecoder = MultilayerPerceptron(widths: [options.latentSize] + hidden + sampleShape, random: decoding)
    }
    // e⁻¹ is about the error per pixel value of a decoder that has learned nothing but the mean.
    if options.decoderVariance == .learned { deviation = Tensor([-1], shape: [1]) }
  }

  /// The Gaussian over codes of each sample: mean and logarithm of the variance, each `[batch, latentSize]`.
  package func encode(_ samples: Tensor) -> (mean: Tensor, logVariance: Tensor) {
    let moments = (imageEncoder?(samples) ?? pointEncoder!(samples)).split(into: 2, along: 1)
    // Held where neither it nor its exponential can overflow.
    return (moments[0], moments[1].clamped(to: -30...20))
  }

  /// The mean of the Gaussian over samples of each code.
  package func decode(_ codes: Tensor) -> Tensor { imageDecoder?(codes) ?? pointDecoder!(codes) }

  /// The logarithm of the decoder's standard deviation where it is learned, softly held above −6 as in σ-VAE (Rybkin,
  /// Daniilidis and Levine 2021).
  var logDeviation: Tensor? { deviation.map { softplus($0 + 6) - 6 } }

  /// The number of trainable numbers that make samples.
  var decoderParameterCount: Int { imageDecoder?.parameterCount ?? pointDecoder!.parameterCount }

  package mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("imageEncoder", &imageEncoder)
    visitor.child("imageDecoder", &imageDecoder)
    visitor.child("pointEncoder", &pointEncoder)
    visitor.child("pointDecoder", &pointDecoder)
    visitor.parameter("deviation", &deviation)
  }
}
