import Foundation
import LineupDatasets
import LineupFormats
import LineupSupport
import Testing

@Suite struct DatasetCatalogueTests {
  @Test func unknownNamesGetTheNearestOne() {
    expect(["\"fashon-mnist\"", "did you mean \"fashion-mnist\""]) { () throws(Fault) in
      _ = try Dataset.load(DataRequest(name: "fashon-mnist"))
    }
    expect(["no data set \"q\"", "lineup data list"]) { () throws(Fault) in
      _ = try Dataset.load(DataRequest(name: "q"))
    }
    expect(["a set of points"]) { () throws(Fault) in _ = try Dataset.load(DataRequest(name: "ring")) }
  }

  @Test func unsuitableFieldsAreNamed() {
    expect(["data.size", "found 4"]) { () throws(Fault) in
      _ = try Dataset.load(DataRequest(name: "shapes", size: 4))
    }
    expect(["data.channels", "found 2"]) { () throws(Fault) in
      _ = try Dataset.load(DataRequest(name: "shapes", channels: 2))
    }
    expect(["data.testCount", "found 0"]) { () throws(Fault) in
      _ = try Dataset.load(DataRequest(name: "shapes", testCount: 0))
    }
    expect(["data.path"]) { () throws(Fault) in _ = try Dataset.load(DataRequest(name: "idx")) }
  }

  @Test func requestsSurviveJSON() throws {
    let request = DataRequest(name: "shapes", size: 32, channels: 1, seed: 7)
    let data = try JSONEncoder().encode(request)
    #expect(try JSONDecoder().decode(DataRequest.self, from: data) == request)
    let short = try JSONDecoder().decode(DataRequest.self, from: Data(#"{"name": "fashion-mnist"}"#.utf8))
    #expect(short == DataRequest(name: "fashion-mnist"))
  }

  @Test func namesAreUnique() {
    #expect(Set(Dataset.all.map(\.name)).count == Dataset.all.count)
    #expect(Dataset.named("shapes")?.isAvailable == true)
    for set in Dataset.all { #expect(set.mixture == nil || set.mixture?.name == set.name) }
  }

  /// What is said of a set without loading it is what is loaded.
  @Test func factsAreThoseOfTheImages() throws {
    for set in Dataset.all where set.isAvailable && set.folder == nil {
      guard let images = set.images else { continue }
      let splits = try Dataset.load(DataRequest(name: set.name))
      #expect(splits.test.height == images.side && splits.test.width == images.side)
      #expect(splits.validation.count == images.counts?.validation)
      #expect(splits.test.count == images.counts?.test)
      #expect(set.contents.contains(splits.train.count.formatted(.number.locale(Locale(identifier: "en")))))
      #expect(set.contents.contains(splits.test.count.formatted(.number.locale(Locale(identifier: "en")))))
    }
  }

  @Test func drawnSetsGiveWhatIsAskedForAndOthersWhatTheyHave() throws {
    let shapes = try #require(Dataset.named("shapes")?.images)
    #expect(shapes.count(\.test, asked: nil) == 2_000)
    #expect(shapes.count(\.test, asked: 7_000) == 7_000)
    let clothes = try #require(Dataset.named("fashion-mnist")?.images)
    #expect(clothes.count(\.test, asked: 70_000) == 10_000)
    #expect(clothes.count(\.validation, asked: 70) == 70)
    let idx = try #require(Dataset.named("idx")?.images)
    #expect(idx.count(\.test, asked: nil) == nil)
    #expect(idx.count(\.test, asked: 70) == 70)
  }
}
