import LineupDatasets
import LineupFeatureNetworks
import LineupFormats
import LineupMeasurements
import LineupTensors

/// What a set of samples is like, in a few numbers that move when a family breaks.
struct SampleStatistics {
  /// The numbers by name.
  ///
  /// - `pixelMean`: the mean of all pixels on [0, 1].
  /// - `pixelSpread`: the root of the mean variance of a pixel over the samples, which a collapse brings to 0.
  /// - `laplacianRatio`: the variance of the Laplacian over that of the data: below 1 blurred, above 1 noisy.
  /// - `highFrequencyShare`: the share of power above half the highest frequency.
  /// - `distance`: the Fréchet distance on principal components of pixels, over the variance of the data along them: about
  ///   1 or more for samples without any likeness to the data.
  /// - `classes`: how many classes the measuring network sees, where there is one.
  let values: [String: Double]

  /// The data that samples are compared with.
  struct Reference {
    let laplacianVariance: Double
    let components: PixelComponents
    let distance: FrechetDistance
    let classifier: ImageClassifier?
    let labels: [Int32]
    let classCount: Int

    init(_ set: ImageSet, classifier: ImageClassifier? = nil) {
      let batch = PixelBatch(set)
      components = PixelComponents(of: batch, count: 16, fittedOn: 512)
      distance = FrechetDistance(real: components.transform(batch))
      laplacianVariance = SharpnessProfile(of: batch.images(0..<min(256, batch.count))).laplacianVariance
      self.classifier = classifier
      labels = set.labels
      classCount = set.classNames.count
    }
  }

  /// - Parameter samples: `[count, height, width, channels]` in about [−1, 1].
  init(_ samples: Tensor, against reference: Reference) {
    let batch = PixelBatch(
      height: samples.shape[1], width: samples.shape[2], channels: samples.shape[3],
      pixels: PixelScale.bytes(samples.values))
    let profile = SharpnessProfile(of: batch)
    let pixels = (samples + 1) / 2
    let variance = square(pixels - pixels.mean(overAxes: [0], keepingAxes: true)).mean().scalar
    let distance = reference.distance.terms(to: reference.components.transform(batch))
    var values = [
      "pixelMean": Double(pixels.mean().scalar),
      "pixelSpread": Double(variance).squareRoot(),
      "laplacianRatio": profile.laplacianVariance / reference.laplacianVariance,
      "highFrequencyShare": profile.highFrequencyShare,
      "distance": distance.distance / distance.realTrace,
    ]
    if let classifier = reference.classifier {
      let balance = ClassBalance(
        predicted: classifier.classes(of: samples), training: reference.labels, classCount: reference.classCount)
      values["classes"] = Double(balance.classesHit)
    }
    self.values = values
  }
}

/// Where a statistic lay over the recorded seeds, and how far from there it may lie.
struct StatisticBand: Codable, Equatable {
  var mean: Double
  /// The sample standard deviation.
  var deviation: Double
  /// Four deviations, and at least a twentieth of the mean (for a count, at least 1), so that a statistic that hardly
  /// varies from seed to seed does not tell machines apart.
  var reach: Double

  init(of values: [Double], isCount: Bool) {
    mean = LineupMeasurements.mean(values)
    deviation = standardDeviation(values)
    reach = max(4 * deviation, isCount ? 1 : 0.05 * abs(mean))
  }

  /// How far a value lies from the mean in units of the reach: within ±1 it is inside.
  func position(of value: Double) -> Double { (value - mean) / reach }

  func contains(_ value: Double) -> Bool { abs(position(of: value)) <= 1 }
}
