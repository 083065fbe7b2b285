import LineupDatasets
import LineupFormats
import LineupSupport

/// What training would see of a data set, as one NPZ archive: every image of the three parts.
package struct DataExport: Sendable {
  private let archive: NPZArchive
  /// A line such as `60 images of 16×16×1`.
  package let summary: String

  /// Loads the set. Images of a folder come in the order of its manifest, others part by part.
  package init(_ request: DataRequest) throws(Fault) {
    guard Dataset.pointMixture(request.name) == nil else {
      throw .malformed("\(request.name)", found: "a set of points", expected: "a set of images")
    }
    let splits = try Dataset.load(request)
    var images: [(file: String, part: DataPart, index: Int)] = []
    for part in DataPart.allCases {
      let set = part.images(of: splits)
      images += (0..<set.count).map { (set.files.isEmpty ? "\(part)/\($0)" : set.files[$0], part, $0) }
    }
    if !splits.train.files.isEmpty { images.sort { $0.file.utf8.lexicographicallyPrecedes($1.file.utf8) } }
    let shape = [images.count, splits.train.height, splits.train.width, splits.train.channels]
    var pixels: [UInt8] = []
    pixels.reserveCapacity(shape.reduce(1, *))
    for image in images { pixels += image.part.images(of: splits).image(image.index) }
    archive = NPZArchive([
      ("images", NPZArchive.Array(pixels, shape: shape)),
      (
        "labels",
        NPZArchive.Array(images.map { Int64($0.part.images(of: splits).labels[$0.index]) }, shape: [images.count])
      ),
      ("captions", NPZArchive.Array(images.map { $0.part.images(of: splits).captions[$0.index] })),
      ("files", NPZArchive.Array(images.map(\.file))),
      ("splits", NPZArchive.Array(images.map(\.part.rawValue))),
    ])
    summary = "\(NumberText.count(images.count)) images of \(shape[1])×\(shape[2])×\(shape[3])"
  }

  /// Writes the archive, whole or not at all.
  package func write(to path: String) throws(Fault) { try archive.write(to: path) }
}

extension DataPart {
  /// Its images.
  fileprivate func images(of splits: DatasetSplits) -> ImageSet {
    switch self {
    case .train: splits.train
    case .validation: splits.validation
    case .test: splits.test
    }
  }
}
