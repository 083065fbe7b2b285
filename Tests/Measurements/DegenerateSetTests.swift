import LineupLearning
import LineupMeasurements
import LineupTensors
import Testing

/// What has no figure is absent with a reason: never 0, never infinite, never a trap.
@Suite struct DegenerateSetTests {
  enum Kind: CaseIterable, Sendable { case varied, equal, flat }

  private static func images(_ kind: Kind, _ count: Int, seed: UInt64) -> PixelBatch {
    let size = 8 * 8
    var random = RandomStream(seed: seed)
    func picture() -> [UInt8] { (0..<size).map { _ in UInt8(random.uniform() * 255) } }
    let pixels: [UInt8]
    switch kind {
    case .varied: pixels = (0..<count).flatMap { _ in picture() }
    case .equal:
      let one = picture()
      pixels = (0..<count).flatMap { _ in one }
    case .flat: pixels = [UInt8](repeating: 77, count: count * size)
    }
    return PixelBatch(height: 8, width: 8, channels: 1, pixels: pixels)
  }

  private static func measured(
    real: Kind, samples: Kind, count: Int = 12, labels: [Int32]? = nil
  ) -> [String: MetricValue] {
    let features = FeatureMatrix(rows: 12, columns: 3) { row, column in Double((row * 7 + column * 5) % 11) }
    let reference = MeasurementReference(
      training: images(real, 20, seed: 1), trainingLabels: labels ?? (0..<20).map { Int32($0 % 2) }, classCount: 2,
      real: images(real, 12, seed: real == .varied ? 2 : 1), classifierFeatures: features)
    let predictions = (0..<count).map { Int32($0 % 2) }
    let output = ClassifierOutput(predictions: predictions, features: features.rows(0..<count))
    let values = reference.measure(images(samples, count, seed: 3), classifier: output).values
    return Dictionary(values.map { ($0.metric.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  @Test(arguments: Kind.allCases, Kind.allCases)
  func everyFigureIsANumberOrHasAReason(real: Kind, samples: Kind) {
    for count in [1, 2, 5, 6, 12] {
      let values = Self.measured(real: real, samples: samples, count: count)
      #expect(values.count == Metric.all.ofImages.count)
      for (name, value) in values {
        #expect(!value.value.isInfinite, "\(name)")
        #expect(value.value.isFinite || value.note?.isEmpty == false, "\(name) with \(count) samples")
      }
    }
  }

  @Test(arguments: [Kind.equal, .flat]) func garbageBesideEqualPicturesHasNoDistance(_ real: Kind) {
    let values = Self.measured(real: real, samples: .varied)
    let names = ["fd_pix64", "kid_pix64", "precision", "recall", "density", "coverage", "copied_share", "auth_pct"]
    for name in names {
      #expect(values[name]?.value.isNaN == true, "\(name)")
      #expect(values[name]?.note?.hasSuffix("are all equal") == true, "\(name)")
    }
  }

  @Test func sharpnessBesideFlatPicturesHasNoRatio() {
    let values = Self.measured(real: .flat, samples: .varied)
    #expect(values["varlap_ratio"]?.note == "the real images are flat")
    #expect(values["lhf"]?.value.isNaN == true && values["varlap"]?.value.isFinite == true)
    let flat = Self.measured(real: .varied, samples: .flat)
    #expect(flat["varlap_ratio"]?.value == 0, "flat samples beside real ones are smooth, which is a figure")
    #expect(flat["hfer"]?.note == "the samples are flat" && flat["lhf"]?.note == "the samples are flat")
    #expect(flat["fd_pix64"]?.value.isFinite == true, "a collapsed model has a distance")
  }

  @Test func oneClassHasNoBalanceAndOneSampleNoVariance() {
    let one = Self.measured(real: .varied, samples: .varied, labels: [Int32](repeating: 0, count: 20))
    #expect(one["class_kl"]?.note == "the training images are all of one class")
    #expect(one["classes_hit"]?.value.isNaN == true)
    let lonely = Self.measured(real: .varied, samples: .varied, count: 1)
    #expect(lonely["fd_pix64"]?.note == "one sample has no variance" && lonely["kid_clf"]?.value.isNaN == true)
  }

  @Test func pointsFarFromEveryModeHaveNoImbalance() {
    let centres = FeatureMatrix(rows: 2, columns: 2, values: [0.0, 0, 1, 1])
    let points = FeatureMatrix(rows: 2, columns: 2, values: [9.0, 9, .nan, 9])
    let values = Metric.all.values(of: MixtureModes(points: points, centres: centres, deviation: 0.1))
    #expect(values.first { $0.metric.name == "modes_captured" }?.value == 0)
    #expect(values.first { $0.metric.name == "reverse_kl" }?.note == "no sample is near a mode")
  }

  /// Images smaller than the window of the structural similarity have none; the other figures of reconstructions stand.
  @Test func smallImagesHaveNoStructuralSimilarity() {
    let scores = ReconstructionScores(
      original: Self.images(.varied, 2, seed: 1), reconstruction: Self.images(.varied, 2, seed: 2))
    let values = Metric.all.values(of: scores)
    let similarity = values.first { $0.metric.name == Metric.reconstructionSimilarity.name }
    #expect(similarity?.value.isNaN == true && similarity?.note?.contains("window of 11") == true)
    let signal = values.first { $0.metric.name == Metric.reconstructionSignal.name }
    #expect(signal?.value.isFinite == true && signal?.note == nil)
  }
}
