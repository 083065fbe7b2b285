import Foundation
import LineupDatasets
import LineupFormats
import Testing

@Suite struct DatasetCatalogueTests {
  @Test func unknownNamesGetTheNearestOne() {
    expect(["\"fashon-mnist\"", "did you mean \"fashion-mnist\""]) { () throws(DatasetError) in
      _ = try Dataset.load(DataRequest(name: "fashon-mnist"))
    }
    expect(["no data set \"q\"", "lineup data list"]) { () throws(DatasetError) in
      _ = try Dataset.load(DataRequest(name: "q"))
    }
    expect(["a set of points"]) { () throws(DatasetError) in _ = try Dataset.load(DataRequest(name: "ring")) }
  }

  @Test func unsuitableFieldsAreNamed() {
    expect(["data.size", "found 4"]) { () throws(DatasetError) in
      _ = try Dataset.load(DataRequest(name: "shapes", size: 4))
    }
    expect(["data.channels", "found 2"]) { () throws(DatasetError) in
      _ = try Dataset.load(DataRequest(name: "shapes", channels: 2))
    }
    expect(["data.testCount", "found 0"]) { () throws(DatasetError) in
      _ = try Dataset.load(DataRequest(name: "shapes", testCount: 0))
    }
    expect(["data.path"]) { () throws(DatasetError) in _ = try Dataset.load(DataRequest(name: "idx")) }
  }

  @Test func requestsSurviveJSON() throws {
    let request = DataRequest(name: "shapes", size: 32, channels: 1, seed: 7)
    let data = try JSONEncoder().encode(request)
    #expect(try JSONDecoder().decode(DataRequest.self, from: data) == request)
    let short = try JSONDecoder().decode(DataRequest.self, from: Data(#"{"name": "fashion-mnist"}"#.utf8))
    #expect(short == DataRequest(name: "fashion-mnist"))
  }

  @Test func everyEntryCanBeServed() {
    let entries = DatasetCatalogue.entries()
    #expect(Set(entries.map(\.name)).count == entries.count)
    for entry in entries where entry.kind == .points { #expect(Dataset.pointMixture(entry.name) != nil) }
    #expect(entries.first { $0.name == "shapes" }?.isAvailable == true)
  }
}
