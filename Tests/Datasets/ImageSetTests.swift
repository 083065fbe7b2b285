import LineupDatasets
import LineupFormats
import Testing

@Suite struct ImageSetTests {
  private let set = ImageSet(
    name: "two", height: 2, width: 3, channels: 1, pixels: [0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255],
    labels: [1, 0], classNames: ["a", "b"], captions: ["first", "second"])

  @Test func everyByteSurvivesTheWayToFloatsAndBack() {
    let bytes = (0...255).map { UInt8($0) }
    #expect(PixelScale.bytes(PixelScale.floats(bytes)) == bytes)
    #expect(PixelScale.toFloat(0) == -1)
    #expect(PixelScale.toFloat(255) == 1)
  }

  @Test func numbersOutsideAreClippedAndHalvesRoundAwayFromZero() {
    #expect(PixelScale.bytes([-7, -1, 1, 3, .infinity, -.infinity, .nan]) == [0, 0, 255, 255, 255, 0, 0])
    // 0 lies half-way between 127 and 128.
    #expect(PixelScale.toByte(0) == 128)
  }

  @Test func subsetKeepsImageLabelAndCaptionTogether() {
    let subset = set.subset([1, 0, 1])
    #expect(subset.pixels.prefix(6) == [250, 251, 252, 253, 254, 255])
    #expect(subset.labels == [0, 1, 0])
    #expect(subset.captions == ["second", "first", "second"])
    #expect(Array(subset.image(1)) == [0, 1, 2, 3, 4, 5])
  }

  @Test func flippingMirrorsRows() {
    let floats = set.floats([0, 0], flipped: [false, true])
    #expect(PixelScale.bytes(floats) == [0, 1, 2, 3, 4, 5, 2, 1, 0, 5, 4, 3])
    #expect(set.floats([1]) == PixelScale.floats([250, 251, 252, 253, 254, 255]))
  }

  @Test func flippingKeepsColoursTogether() {
    let colour = set.inColour()
    #expect(colour.channels == 3)
    #expect(PixelScale.bytes(colour.floats([0], flipped: [true])).prefix(9) == [2, 2, 2, 1, 1, 1, 0, 0, 0])
  }

  @Test func paddingIsCentredAndCroppingUndoesIt() {
    let padded = set.fitted(height: 4, width: 5)
    #expect(
      Array(padded.image(0)) == [0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 5, 0, 0, 0, 0, 0, 0])
    #expect(padded.fitted(height: 2, width: 3).pixels == set.pixels)
    #expect(set.fitted(height: 2, width: 1).pixels == [1, 4, 251, 254])
  }

  /// The name of a set is not what it holds; everything else is.
  @Test func contentHashFollowsAllThatTrainingSees() {
    func hash(
      _ name: String = "two", height: Int = 2, width: Int = 3, labels: [Int32]? = nil,
      classNames: [String] = ["a", "b"],
      captions: [String]? = nil
    ) -> String {
      ImageSet(
        name: name, height: height, width: width, channels: 1, pixels: set.pixels, labels: labels ?? set.labels,
        classNames: classNames, captions: captions ?? set.captions
      ).contentHash()
    }
    #expect(hash("other") == hash() && hash() == set.contentHash())
    #expect(set.subset([1, 0]).contentHash() != set.contentHash())
    let others = [
      hash(height: 3, width: 2), hash(labels: [0, 0]), hash(labels: [-1, -1]), hash(classNames: ["a", "c"]),
      hash(captions: ["x", "y"]),
    ]
    #expect(Set(others + [hash()]).count == 6)
    // All three parts count.
    let splits = DatasetSplits(train: set, validation: set, test: set)
    for part in [\DatasetSplits.train, \.validation, \.test] {
      var changed = splits
      changed[keyPath: part] = set.subset([1, 0])
      #expect(changed.contentHash() != splits.contentHash())
    }
  }
}
