import Foundation
import LineupDatasets
import LineupFormats
import LineupMeasurements
import LineupTensors
import Testing

/// Planted defects must move the columns the right way. Drawn shapes need no package.
@Suite struct MeasuringTests {
  static let splits = DrawnShapes(side: 28, channels: 1, seed: 1).splits(train: 3000, validation: 600, test: 600)
  static let test = PixelBatch(splits.test)
  static let held = PixelBatch(splits.validation)
  static let reference = MeasurementReference(
    training: PixelBatch(splits.train), trainingLabels: splits.train.labels,
    classCount: splits.train.classNames.count, real: test, classifierFeatures: labelFeatures(splits.test.labels),
    sampleCount: 600)
  static let real = reference.measure(held, classifier: perfectClassifier(splits.validation.labels))

  /// A stand-in for a classifier: it knows the labels, and its features are noisy indicators of them.
  static func labelFeatures(_ labels: [Int32]) -> FeatureMatrix {
    var random = RandomStream(seed: 3)
    return FeatureMatrix(rows: labels.count, columns: 10) { row, column in
      (labels[row] == Int32(column) ? 3 : 0) + 0.3 * Double(random.normal())
    }
  }

  static func perfectClassifier(_ labels: [Int32]) -> ClassifierOutput {
    ClassifierOutput(predictions: labels, features: labelFeatures(labels))
  }

  private func value(_ table: MetricTable, _ name: String) -> Double { table[name] ?? .nan }

  @Test func columnsAreTheOnesDeclaredInTheirOrder() {
    let declared = Metric.all.ofImages.map(\.name)
    #expect(Self.real.values.map(\.metric.name) == declared)
    #expect(Set(declared).count == declared.count)
    #expect(Self.real.values.allSatisfy { $0.value.isFinite && $0.sampleCount ?? 0 > 0 })
    let bare = Self.reference.measure(Self.held.images(0..<3))
    #expect(bare.values.map(\.metric.name) == declared)
    #expect(bare.values.first { $0.metric.name == Metric.precision.name }?.note == "too few images")
    #expect(value(bare, "precision").isNaN && value(bare, "fd_clf").isNaN && value(bare, "fd_pix64").isFinite)
  }

  @Test func realImagesLookReal() {
    let real = Self.real
    #expect(abs(value(real, "varlap_ratio") - 1) < 0.1 && abs(value(real, "lhf")) < 0.1)
    #expect(abs(value(real, "kid_pix64")) < 5 * value(real, "kid_pix64_se") + 1e-3)
    #expect(value(real, "coverage") > 0.9 && abs(value(real, "density") - 1) < 0.15)
    #expect(value(real, "classes_hit") == 10 && value(real, "class_kl") < 0.05)
    #expect(abs(value(real, "copy_z")) < 4 && value(real, "copied_share") < 0.04)
  }

  @Test func blurShows() {
    let blurred = Self.reference.measure(altered(Self.held) { gaussianBlurred($0, deviation: 1) })
    for name in ["varlap_ratio", "tenengrad", "hfer", "lhf", "noise_sigma"] {
      #expect(value(blurred, name) < value(Self.real, name), "\(name)")
    }
    for name in ["blur11", "blur3", "fd_pix64", "kid_pix64"] {
      #expect(value(blurred, name) > value(Self.real, name), "\(name)")
    }
    #expect(value(blurred, "lhf") < -1)
  }

  @Test func noiseLooksSharpButIsCaught() {
    var random = RandomStream(seed: 2)
    let noisy = Self.reference.measure(
      altered(Self.held) { image in
        GreyImage(
          height: 28, width: 28, values: image.values.map { $0 + 0.1 * Double(random.normal()) })
      })
    #expect(value(noisy, "varlap_ratio") > value(Self.real, "varlap_ratio"))
    #expect(value(noisy, "noise_sigma") > 1.5 * value(Self.real, "noise_sigma"))
    #expect(value(noisy, "fd_pix64") > value(Self.real, "fd_pix64"))
  }

  @Test func copiesAreCaught() {
    let training = PixelBatch(Self.splits.train)
    let copied = Self.reference.measure(training.images(at: (0..<600).map { 5 * $0 }))
    #expect(value(copied, "copied_share") > 0.9 && value(copied, "copy_z") < -10)
    #expect(value(copied, "auth_pct") == 0 && value(copied, "nn_train_distance") == 0)
    // The distribution itself is right: no other column tells.
    #expect(value(copied, "fd_pix64") < 3 * value(Self.real, "fd_pix64"))
  }

  @Test func droppedClassesAreMissed() {
    let kept = Self.splits.validation.labels.indices.filter { Self.splits.validation.labels[$0] < 5 }
    let labels = kept.map { Self.splits.validation.labels[$0] }
    let dropped = Self.reference.measure(Self.held.images(at: kept), classifier: Self.perfectClassifier(labels))
    #expect(value(dropped, "classes_hit") == 5 && value(dropped, "class_kl") > 0.5)
    for name in ["fd_clf", "kid_clf"] { #expect(value(dropped, name) > value(Self.real, name) + 0.05, "\(name)") }
    let few = Self.reference.measure(Self.held.images(at: (0..<600).map { $0 % 20 }))
    #expect(value(few, "recall") < 0.2 && value(few, "coverage") < 0.6 * value(Self.real, "coverage"))
  }

  @Test func theGaussianBaselineIsWorseThanRealImages() {
    let baseline = Self.reference.gaussianKernelDistance(count: 600, random: RandomStream(seed: 1))
    #expect(baseline > value(Self.real, "kid_pix64"))
    let drawn = Self.reference.gaussianBaseline(count: 20_000, random: RandomStream(seed: 1))
    #expect(frechetDistance(real: Self.reference.realFeatures, generated: drawn) < 0.2)
  }

  @Test func componentsFromFewImagesAreThoseFromMany() {
    // With fewer images than pixels the basis comes from the images' products; both ways span the same space.
    let few = PixelComponents(of: PixelBatch(Self.splits.train.prefix(300)), count: 8)
    let images = PixelBatch(Self.splits.train.prefix(300))
    let repeated = images.images(at: (0..<900).map { $0 % 300 })
    let many = PixelComponents(of: repeated, count: 8)
    for (a, b) in zip(few.basis.values, many.basis.values) { #expect(abs(a - b) < 1e-6) }
    let back = few.transform(PixelBatch(Self.splits.train.prefix(4)))
    #expect(few.reconstruct(back).columns == 784 && few.variances == few.variances.sorted(by: >))
  }
}
