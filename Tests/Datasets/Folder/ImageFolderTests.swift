import Foundation
import LineupDatasets
import LineupFormats
import LineupSupport
import LineupTestSupport
import Testing

/// Grey noise that is another picture for each number.
func noise(_ number: Int, darkest: Int = 0, brightest: Int = 255) -> Picture {
  var state = UInt32(truncatingIfNeeded: number) &* 2_654_435_761 &+ 12_345
  let values = (0..<64).map { _ -> UInt8 in
    state = state &* 1_664_525 &+ 1_013_904_223
    return UInt8(darkest + Int(state >> 16) % (brightest - darkest + 1))
  }
  return Picture(values, height: 8, width: 8, channels: 1)
}

/// Folders of pictures as data sets.
@Suite struct ImageFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func request(_ change: (inout DataRequest) -> Void = { _ in }) -> DataRequest {
    var request = DataRequest(name: "folder", size: 8, path: folder.path)
    change(&request)
    return request
  }

  /// Every beginning of every part has both classes in their shares, and a smaller count is the beginning of a larger one.
  @Test func fewerPicturesAreAStratifiedSubset() throws {
    for number in 0..<150 { try folder.write("black/\(number).png", noise(number, brightest: 31).png()) }
    for number in 150..<300 { try folder.write("white/\(number).png", noise(number, darkest: 224).png()) }
    let whole = try Dataset.load(request())
    for set in [whole.train, whole.validation, whole.test] {
      let share = Double(set.indices(ofClass: 0).count) / Double(set.count)
      for count in 1...set.count {
        let found = set.prefix(count).indices(ofClass: 0).count
        #expect(abs(Double(found) - share * Double(count)) <= 1, "of the first \(count) of \(set.name)")
      }
    }
    let few = try Dataset.load(request { $0.count = 40 })
    #expect(few.train.files == Array(whole.train.files.prefix(40)) && few.test.count == whole.test.count)
    let other = try Dataset.load(request { ($0.count, $0.seed) = (40, 1) })
    #expect(other.train.files != few.train.files && other.train.indices(ofClass: 0).count == 20)
    #expect(
      Set(try Dataset.load(request { $0.seed = 1 }).train.files) == Set(whole.train.files), "no seed moves a part")
    #expect(other.contentHash() != few.contentHash())
    let all = try Dataset.load(request { $0.allTrain = true })
    #expect(all.train.count == whole.train.count + whole.validation.count)
    expect(["data.testCount", "5000", "the images of folder/test"]) { () throws(Fault) in
      _ = try Dataset.load(request { $0.testCount = 5000 })
    }
  }

  /// Grey of colours by Pillow's rule; pictures in no folder have no class.
  @Test func pixelsAreThoseOfPillow() throws {
    let picture = Picture(width: 8, height: 8, colour: Colour(red: 10, green: 200, blue: 30))
    for number in 0..<40 {
      var one = picture
      one.fill(x: 0, y: 0, width: 1, height: 1, Colour(grey: UInt8(number)))
      try folder.write("\(number).png", one.png())
    }
    let splits = try Dataset.load(request { $0.channels = 1 })
    let grey: Int = (19595 * 10 + 38470 * 200 + 7471 * 30 + 32768) >> 16
    #expect(splits.train.image(0).last.map(Int.init) == grey)
    #expect(splits.train.labels.allSatisfy { $0 == -1 } && splits.train.classNames.isEmpty)
    #expect(try Dataset.load(request()).train.channels == 3)
  }

  @Test func transparentPicturesLieOnTheBackground() throws {
    let clear = try WholeFile.read(
      repositoryRoot.appending(path: "Tests/Formats/Fixtures/pictures/colour-opacity.png").path)
    for part in ["train", "validation", "test"] {
      try folder.write("\(part)/\(part).png", noise(part.count).png())
    }
    try folder.write("train/clear.png", clear)
    func pixels(_ paper: String?) throws -> [UInt8] {
      let set = try Dataset.load(request { $0.background = paper.flatMap(PaperColour.init) }).train
      return Array(set.image(try #require(set.files.firstIndex(of: "train/clear.png"))))
    }
    #expect(try pixels(nil) == pixels("#ffffff"))
    #expect(try pixels(nil) != pixels("black"))
    #expect(PaperColour("#12345") == nil && PaperColour("#12345g") == nil && PaperColour("red") == nil)
    #expect(PaperColour("#0102ff")?.colour == Colour(red: 1, green: 2, blue: 255))
  }
}
