import LineupDatasets
import LineupFormats
import Testing

/// Facts of the published files; skipped where the Debian package is not installed.
@Suite(.enabled(if: FashionMNIST.isInstalled(), "dataset-fashion-mnist is not installed"))
struct FashionMNISTTests {
  private func mean(_ set: ImageSet) -> Double {
    Double(set.pixels.reduce(0) { $0 + Int($1) }) / Double(set.pixels.count) / 255
  }

  @Test func countsMeansAndClassesAreThePublishedOnes() throws {
    let all = try Dataset.load(DataRequest(name: "fashion-mnist", allTrain: true))
    #expect(all.train.count == 60_000)
    #expect(all.test.count == 10_000)
    #expect([all.train.height, all.train.width, all.train.channels] == [28, 28, 1])
    #expect(abs(mean(all.train) - 0.28604) < 5e-6)
    #expect(abs(mean(all.test) - 0.28685) < 5e-6)
    for label in 0..<10 {
      #expect(all.train.indices(ofClass: label).count == 6_000)
      #expect(all.test.indices(ofClass: label).count == 1_000)
    }
  }

  @Test func theLastFiveThousandValidate() throws {
    let splits = try Dataset.load(DataRequest(name: "fashion-mnist"))
    let all = try FashionMNIST.load(allTrain: true).train
    #expect([splits.train.count, splits.validation.count] == [55_000, 5_000])
    #expect(Array(splits.validation.image(0)) == Array(all.image(55_000)))
    #expect(splits.validation.captions[7] == all.captions[55_007])
    #expect(splits.train.name == "fashion-mnist/train" && splits.validation.name == "fashion-mnist/validation")
  }

  @Test func captionsNameTheClass() throws {
    let test = try Dataset.load(DataRequest(name: "fashion-mnist", size: 32, testCount: 1_000)).test
    #expect([test.count, test.height, test.width] == [1_000, 32, 32])
    for (label, caption) in zip(test.labels, test.captions) where label == 9 {
      #expect(caption.hasSuffix("boot"))
    }
    #expect(Set(test.captions).isSuperset(of: ["an ankle boot", "a pair of trousers", "trousers", "a t-shirt"]))
  }
}
