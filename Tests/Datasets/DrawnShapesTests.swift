import LineupDatasets
import LineupFormats
import Testing

@Suite struct DrawnShapesTests {
  @Test func theSameSeedDrawsTheSameBytes() throws {
    let request = DataRequest(name: "shapes", count: 300, validationCount: 20, testCount: 30, seed: 4)
    let first = try Dataset.load(request)
    let second = try Dataset.load(request)
    #expect(first.train.contentHash() == second.train.contentHash())
    #expect(first.train.captions == second.train.captions)
    #expect([first.train.count, first.validation.count, first.test.count] == [300, 20, 30])

    var other = request
    other.seed = 5
    #expect(try Dataset.load(other).train.contentHash() != first.train.contentHash())
    #expect(first.validation.contentHash() != first.train.prefix(20).contentHash())
    let longer = DrawnShapes(seed: 4).images(part: "train", count: 301)
    #expect(longer.prefix(300).contentHash() == first.train.contentHash())
  }

  /// The brightest pixel must look like the colour in the caption, and the caption must name the class.
  @Test(arguments: [28, 32])
  func captionsTellTheTruth(side: Int) {
    let set = DrawnShapes(side: side, seed: 1).images(part: "train", count: 2_000)
    for index in 0..<set.count {
      let words = set.captions[index].split(separator: " ").map(String.init)
      #expect(words.count == 4 && words[3] == set.classNames[Int(set.labels[index])])
      let image = Array(set.image(index))
      let sums = (0..<side * side).map { Int(image[3 * $0]) + Int(image[3 * $0 + 1]) + Int(image[3 * $0 + 2]) }
      let place = 3 * (sums.indices.max { sums[$0] < sums[$1] } ?? 0)
      #expect(colour(image[place], image[place + 1], image[place + 2]) == words[2], "image \(index)")
    }
  }

  /// A colour's word by simple rules of hue and lightness, written apart from the table that draws.
  private func colour(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> String {
    let (red, green, blue) = (Int(red), Int(green), Int(blue))
    if min(red, green, blue) > 200 { return "white" }
    if red > 200, blue > 150 { return "pink" }
    if red > 190, green > 180 { return "yellow" }
    if red > 190, green > 100 { return "orange" }
    if red > 190 { return "red" }
    if red > 100, blue > 150 { return "purple" }
    return green > blue ? "green" : "blue"
  }

  @Test func everyClassColourAndSizeComesAboutEquallyOften() {
    let set = DrawnShapes(seed: 2).images(part: "train", count: 9_600)
    #expect(set.classNames.count == 10)
    for label in 0..<10 { #expect(abs(set.indices(ofClass: label).count - 960) < 130) }
    for word in ["small", "medium", "large"] {
      #expect(abs(set.captions.count { $0.contains(" \(word) ") } - 3_200) < 250)
    }
    #expect(Set(set.captions).count == 10 * 8 * 3)
  }

  @Test func nothingTouchesTheEdgeAndLargerIsLarger() {
    let shapes = DrawnShapes(channels: 1, seed: 3)
    let set = shapes.images(part: "test", count: 1_000)
    var areas: [Int: [Int]] = [:]
    for index in 0..<set.count {
      let image = Array(set.image(index))
      let paint = image.indices.filter { image[$0] > 0 }
      #expect(
        paint.allSatisfy { (1...26).contains($0 / 28) && (1...26).contains($0 % 28) },
        "image \(index), \(set.captions[index])")
      areas[shapes.description(part: "test", index: index).size, default: []].append(paint.count)
    }
    let means = (0..<3).map { size in (areas[size] ?? []).reduce(0, +) / max(1, areas[size]?.count ?? 0) }
    #expect(means[0] * 3 / 2 < means[1] && means[1] * 3 / 2 < means[2])
  }

  @Test func greysHaveOneChannelAndWordsForShades() throws {
    let set = try Dataset.load(DataRequest(name: "shapes", size: 32, channels: 1, count: 100)).train
    #expect([set.height, set.width, set.channels] == [32, 32, 1])
    for (index, caption) in set.captions.enumerated() {
      let brightest = set.image(index).max() ?? 0
      #expect(caption.contains("white") == (brightest > 200), "\(caption): \(brightest)")
    }
  }

  @Test func tenThousandAreDrawnInUnderASecond() {
    let clock = ContinuousClock()
    let time = clock.measure { _ = DrawnShapes().images(part: "train", count: 10_000) }
    // Three times the target, for busy machines.
    #expect(time < .seconds(3), "\(time)")
  }
}
