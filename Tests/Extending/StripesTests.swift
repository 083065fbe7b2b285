import LineupDatasets
import Testing

@Suite struct StripesTests {
  @Test func aLongerPartBeginsWithAShorterOne() throws {
    let images = try #require(Dataset.stripes.images)
    let (few, many) = (
      try images.load(DataRequest(name: "stripes", count: 3)), try images.load(DataRequest(name: "stripes", count: 5))
    )
    #expect(many.train.prefix(3).pixels == few.train.pixels)
    #expect(few.test.count == 1_000 && Set(few.test.labels) == [0, 1])
    let upright = few.test.labels.firstIndex(of: 0)!
    #expect(Array(few.test.image(upright).prefix(28)) == Array(few.test.image(upright).suffix(28)))
  }
}
