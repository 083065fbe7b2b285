import Foundation
import LineupDatasets
import LineupFeatureNetworks
import LineupFormats
import LineupNetworks
import LineupSupport
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct FeatureNetworkTests {
  static func labelled(_ set: ImageSet) -> LabelledImages {
    LabelledImages(
      values: set.floats(Array(0..<set.count)), imageShape: [set.height, set.width, set.channels], labels: set.labels)
  }

  @Test func walksAreComplete() {
    let random = RandomStream(seed: 1)
    expectCompleteWalk(ImageClassifier(imageShape: [9, 8, 2], classCount: 3, random: random))
    expectCompleteWalk(PerceptualNetwork(channels: 2, classCount: 3, random: random))
  }

  @Test(arguments: ["fashion-mnist", "shapes"], NetworkPurpose.allCases)
  func committedWeightsAreTheRecordedOnes(dataset: String, purpose: NetworkPurpose) throws {
    let record = try #require(try committedRecord(purpose, for: dataset))
    let path = try #require(committedWeightsPath(purpose, for: dataset))
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(SHA256.hexadecimalDigest(of: bytes) == record.sha256)
    #expect(bytes.count < 1_000_000)
    #expect(record.dataset == dataset && record.purpose == purpose && record.seed == purpose.seed)
    #expect(record.testAccuracy > (purpose == .measuring ? 0.9 : 0.85))
  }

  @Test func unknownDataHaveNoNetwork() throws {
    let none = try (measuring(for: "nothing"), perceptual(for: "nothing", channels: 1))
    #expect(none.0 == nil && none.1 == nil)
  }

  @Test func shapesAreToldApart() throws {
    let test = try Dataset.load(DataRequest(name: "shapes", count: 10, testCount: 400)).test
    let network = try #require(try measuring(for: "shapes"))
    #expect(accuracy(of: network, on: Self.labelled(test)) > 0.97)
    let features = network.features(Tensor(test.floats([0, 1]), shape: [2, 28, 28, 3]))
    #expect(features.shape == [2, ImageClassifier.featureCount] && features.values.allSatisfy { $0 >= 0 })
  }

  @Test(.enabled(if: FashionMNIST.isInstalled(), "dataset-fashion-mnist is not installed"))
  func clothesAreToldApart() throws {
    let test = try Dataset.load(DataRequest(name: "fashion-mnist", testCount: 1000)).test
    #expect(accuracy(of: try #require(try measuring(for: "fashion-mnist")), on: Self.labelled(test)) > 0.9)
    #expect(
      accuracy(of: try #require(try perceptual(for: "fashion-mnist", channels: 1)), on: Self.labelled(test)) > 0.85)
  }

  /// Blur and shift must cost; a copy must not; and what is farther in pixels must be farther here.
  @Test func perceptualDistanceGrowsWithDamage() throws {
    let network = try #require(try perceptual(for: "shapes", channels: 3))
    let set = DrawnShapes(side: 28).images(part: "test", count: 16)
    let images = Tensor(set.floats(Array(0..<16)), shape: [16, 28, 28, 3])
    var random = RandomStream(seed: 2)
    let noise = random.normal(images.shape)
    let blurred = images.averagePooled(by: 2).upsampledNearest(by: 2)
    func distance(_ other: Tensor) -> Float { network.distance(images, other).mean().scalar }
    #expect(network.distance(images, images).shape == [16] && distance(images) == 0)
    #expect(distance(blurred) > 0.01)
    #expect(distance(images + noise * 0.05) < distance(images + noise * 0.2))
  }

  /// Chance is 0.1.
  @Test func trainingLearnsAFewShapes() {
    let set = DrawnShapes(side: 16, seed: 3).images(part: "train", count: 512)
    var plan = ClassifierPlan(epochs: 12)
    plan.batchSize = 32
    let network = ImageClassifier.trained(
      on: Self.labelled(set), imageShape: [16, 16, 3], classCount: set.classNames.count, plan: plan)
    #expect(accuracy(of: network, on: Self.labelled(set)) > 0.4)
  }
}
