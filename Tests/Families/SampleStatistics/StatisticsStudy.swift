import LineupDatasets
import LineupDiffusion
import LineupFamilies
import LineupFeatureNetworks
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupSupport
import LineupTensors
import Testing

/// A tiny model on small data that trains in a few seconds, whole or broken on purpose.
enum StatisticsStudy: String, CaseIterable {
  case variationalOnShapes
  case adversarialOnShapes
  case latentDiffusionOnShapes
  case variationalOnFashion

  /// What can be wrong with a family.
  enum Fault: String, CaseIterable {
    /// The divergence of the codes is rewarded, not punished.
    case wrongSignOfDivergence
    /// The decoder's variance is far from the error that it stands for.
    case wrongDecoderVariance
    /// The discriminator stays as it was drawn.
    case discriminatorNotUpdated
    /// Latents are not brought to unit deviation.
    case latentScaleDropped
  }

  var faults: [Fault] {
    switch self {
    case .variationalOnShapes, .variationalOnFashion: [.wrongSignOfDivergence, .wrongDecoderVariance]
    case .adversarialOnShapes: [.discriminatorNotUpdated]
    case .latentDiffusionOnShapes: [.wrongSignOfDivergence, .latentScaleDropped]
    }
  }

  var needsFashion: Bool { self == .variationalOnFashion }

  /// Trains one model and tells what its samples are like.
  func statistics(seed: UInt64, fault: Fault? = nil) throws -> SampleStatistics {
    let random = RandomStream(seed: seed)
    switch self {
    case .variationalOnShapes, .variationalOnFashion:
      let data = self == .variationalOnShapes ? StatisticsData.shapes : try StatisticsData.fashion()
      let options = variationalOptions(fault)
      var learner = VariationalLearner(
        options: options, sampleShape: data.sampleShape, random: random.split("initial"))
      return data.trained(
        &learner, steps: self == .variationalOnShapes ? 800 : 400, batchSize: options.batchSize, random: random)
    case .adversarialOnShapes:
      let (data, options) = (StatisticsData.shapes, adversarialOptions(fault))
      var learner = AdversarialLearner(
        options: options, sampleShape: data.sampleShape, random: random.split("initial"))
      return data.trained(&learner, steps: 400, batchSize: options.batchSize, random: random)
    case .latentDiffusionOnShapes:
      return latentDiffusionStatistics(random: random, fault: fault)
    }
  }

  /// A short training leaves latents of about unit deviation, on which a missing scale could not be seen. So the trained
  /// autoencoder is stretched in between, as a long training does by itself: published ones have deviations of 5 and more.
  private func latentDiffusionStatistics(random: RandomStream, fault: Fault?) -> SampleStatistics {
    let (data, options) = (StatisticsData.shapes, latentOptions(fault))
    let (first, all) = (150, 300)
    var learner = DiffusionLearner(
      latents: options, sampleShape: data.sampleShape, conditions: ConditionData(captions: data.images.captions),
      perceptual: nil,
      random: random.split("initial"))
    data.train(&learner, steps: 0..<first, of: all, batchSize: options.batchSize, random: random)
    stretchLatents(of: &learner, by: 6)
    if fault == .latentScaleDropped {
      var setter = BufferSetter(name: "latentScale", value: .ones([1]))
      learner.visit(&setter)
    }
    data.train(&learner, steps: first..<all, of: all, batchSize: options.batchSize, random: random)
    return data.statistics(of: learner, random: random)
  }

  private func variationalOptions(_ fault: Fault?) -> VariationalOptions {
    var options = VariationalOptions()
    options.batchSize = 32
    options.channels = [8, 16]
    options.hidden = 64
    options.latentSize = 8
    options.learningRate = 3e-3
    options.average = 0
    if fault == .wrongSignOfDivergence { options.beta = -1 }
    if fault == .wrongDecoderVariance { options.decoderVariance = .fixed(20) }
    return options
  }

  private func adversarialOptions(_ fault: Fault?) -> AdversarialOptions {
    var options = AdversarialOptions()
    options.batchSize = 32
    options.channels = [8, 16]
    options.hidden = 64
    options.latentSize = 16
    options.learningRate = 2e-3
    options.average = 0.98
    options.r1 = 1
    // A rate that is not zero but that no weight feels.
    if fault == .discriminatorNotUpdated { options.discriminatorLearningRate = 1e-12 }
    return options
  }

  private func latentOptions(_ fault: Fault?) -> LatentDiffusionOptions {
    var options = LatentDiffusionOptions()
    options.batchSize = 16
    options.firstStageShare = 0.5
    options.autoencoder.channels = [8, 8]
    options.autoencoder.klWeight = fault == .wrongSignOfDivergence ? -1e-2 : 1e-2
    options.autoencoder.learningRate = 1e-2
    options.autoencoder.perceptualWeight = 0
    options.autoencoder.adversarialWeight = 0
    options.unet.channels = [16, 16]
    options.unet.heads = 2
    options.text.width = 16
    options.text.layers = 1
    options.text.heads = 2
    options.text.contextLength = 8
    options.text.vocabulary = 600
    options.learningRate = 4e-3
    options.average = 0.95
    options.timesteps = 100
    options.sampler.steps = 10
    return options
  }
}

/// The data of a study, and what samples are compared with.
struct StatisticsData: Sendable {
  let images: ImageSet
  let reference: SampleStatistics.Reference

  static let sampleCount = 256

  /// Grey shapes of 16×16 pixels.
  static let shapes: StatisticsData = {
    let images = DrawnShapes(side: 16, channels: 1, seed: 3).images(part: "train", count: 1024)
    return StatisticsData(images: images, reference: .init(images))
  }()

  /// The first images of Fashion-MNIST, judged by the network that measures it.
  static func fashion() throws -> StatisticsData {
    let images = try Dataset.load(DataRequest(name: "fashion-mnist", count: 1024)).train
    return StatisticsData(images: images, reference: .init(images, classifier: try measuring(for: "fashion-mnist")))
  }

  var sampleShape: [Int] { [images.height, images.width, images.channels] }

  /// Trains a learner and measures what it draws.
  func trained(_ learner: inout some Learner, steps: Int, batchSize: Int, random: RandomStream) -> SampleStatistics {
    train(&learner, steps: 0..<steps, of: steps, batchSize: batchSize, random: random)
    return statistics(of: learner, random: random)
  }

  func train(
    _ learner: inout some Learner, steps: Range<Int>, of total: Int, batchSize: Int, random: RandomStream
  ) {
    let order = BatchOrder(count: images.count, batchSize: batchSize, random: random.split("order"))
    for step in steps {
      let indices = order.indices(forStep: step)
      let batch = Batch(
        images: Tensor(images.floats(indices), shape: [batchSize] + sampleShape),
        labels: indices.map { images.labels[$0] }, captions: indices.map { images.captions[$0] })
      _ = learner.step(
        on: batch, progress: Double(step) / Double(total), random: random.split("step").split(step))
    }
  }

  /// What samples by a learner's best weights are like, under the captions of the data where it reads captions.
  func statistics(of learner: some Learner, random: RandomStream) -> SampleStatistics {
    let captions = learner.conditions.contains(.text) ? Array(images.captions.prefix(Self.sampleCount)) : []
    let request = SampleRequest(
      count: Self.sampleCount, random: random.split("samples"), weights: learner.keepsAverage ? .average : .raw,
      captions: captions)
    return SampleStatistics(learner.sample(request).images, against: reference)
  }
}

/// Widens the latents of an autoencoder by a factor without changing its reconstructions: the last layer of the encoder
/// is made larger and the first of the decoder smaller.
private func stretchLatents(of learner: inout DiffusionLearner, by factor: Float) {
  var changed = 0
  learner.forEachParameter { name, value in
    changed += 1
    switch name {
    case "firstStage.coder.network.quantConv.weight", "firstStage.coder.network.quantConv.bias":
      // Means are multiplied; logarithms of variances are moved.
      let last = value.shape.count - 1
      let moments = value.split(into: 2, along: last)
      let isBias = last == 0
      let logVariances = isBias ? moments[1] + 2 * log(Tensor(factor)) : moments[1]
      value = concatenated([moments[0] * factor, logVariances], along: last)
    case "firstStage.coder.network.postQuantConv.weight": value = value / factor
    default: changed -= 1
    }
  }
  #expect(changed == 3, "the autoencoder's layers around its latents have other names")
}

/// Overwrites one buffer of a model, wherever it stands.
private struct BufferSetter: ModuleVisitor {
  let name: String
  let value: Tensor

  mutating func buffer(_ name: String, _ value: inout Tensor) {
    if name == self.name { value = self.value }
  }
}
