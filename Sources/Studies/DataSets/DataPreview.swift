import LineupDatasets
import LineupFormats
import LineupStrictJSON
import LineupSupport
import LineupTensors

/// A picture of a data set and what it holds.
package struct DataPreview: Sendable {
  /// A line such as `fashion-mnist/train: 55,000 images of 28×28×1, 10 classes`.
  package let summary: String
  package let json: JSONValue
  private let picture: Picture

  /// Loads the set. Images are shown a row for each class, the first ones of each; points as dots.
  package init(_ request: DataRequest) throws(Fault) {
    if let mixture = Dataset.pointMixture(request.name) {
      let points = mixture.points(count: request.count ?? 2000, random: RandomStream(seed: request.seed ?? 0))
      picture = points.picture()
      summary = "\(request.name): \(points.count) points about \(points.modes.count) modes"
      json = [
        "name": .string(request.name), "points": .number(JSONNumber(points.count)),
        "modes": .number(JSONNumber(points.modes.count)),
      ]
      return
    }
    let splits = try Dataset.load(request)
    let grid = splits.train.preview()
    picture = grid.picture()
    summary = "\(grid.title): \(grid.subtitle)"
    json = [
      "name": .string(request.name),
      "height": .number(JSONNumber(splits.train.height)), "width": .number(JSONNumber(splits.train.width)),
      "channels": .number(JSONNumber(splits.train.channels)),
      "classes": .array(splits.train.classNames.map(JSONValue.string)),
      "train": Self.facts(splits.train), "validation": Self.facts(splits.validation), "test": Self.facts(splits.test),
    ]
  }

  /// Writes the picture as PNG.
  package func write(to path: String) throws(Fault) {
    try picture.writePNG(to: path)
  }

  private static func facts(_ set: ImageSet) -> JSONValue {
    ["images": .number(JSONNumber(set.count)), "sha256": .string(set.contentHash())]
  }
}
