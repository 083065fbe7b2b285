import Foundation
import LineupFormats
import LineupTensors

/// The name under which other modules load data.
public typealias Dataset = DatasetCatalogue

/// All data sets by name: what they are, how to get them, and how to load them.
public enum DatasetCatalogue {
  /// What `lineup data list` shows of one data set.
  public struct Entry: Sendable, Codable, Equatable {
    public enum Kind: String, Sendable, Codable { case images, points }

    public let name: String
    public let kind: Kind
    public let summary: String
    /// Sizes and counts in words.
    public let contents: String
    /// How to get it; empty where nothing is needed.
    public let installation: String
    public let isAvailable: Bool
  }

  /// Every data set, in the order to show them. Availability is looked up at each call.
  public static func entries() -> [Entry] {
    [
      Entry(
        name: "fashion-mnist", kind: .images, summary: "grey pictures of clothes, ten classes, with captions",
        contents: "28×28×1: 55,000 to train, 5,000 to validate, 10,000 to test",
        installation: "apt-get install dataset-fashion-mnist", isAvailable: FashionMNIST.isInstalled()),
      Entry(
        name: "shapes", kind: .images, summary: "drawn shapes in colours or greys, ten classes, with captions",
        contents: "any size, 3 channels or 1, any count (10,000, 1,000 and 2,000 where not given)", installation: "",
        isAvailable: true),
      Entry(
        name: "idx", kind: .images, summary: "a folder of your own with the four IDX files of the MNIST family",
        contents: "what the files hold", installation: "set data.path to the folder", isAvailable: true),
      Entry(
        name: "folder", kind: .images, summary: "a folder of your own with one sub-folder of PNG files for each class",
        contents: "any size, scaled to data.size (32 where not given) and cut to a square",
        installation: "set data.path to the folder", isAvailable: true),
      Entry(
        name: "ring", kind: .points, summary: "eight Gaussians on a circle in the plane",
        contents: "radius 1, standard deviation 0.01", installation: "", isAvailable: true),
      Entry(
        name: "grid", kind: .points, summary: "twenty-five Gaussians on a square grid in the plane",
        contents: "−4 to 4 in steps of 2, standard deviation 0.05", installation: "", isAvailable: true),
    ]
  }

  /// Loads a data set of images.
  public static func load(_ request: DataRequest) throws(DatasetError) -> DatasetSplits {
    try check(request)
    var splits: DatasetSplits
    switch request.name {
    case "fashion-mnist":
      splits = try FashionMNIST.load(from: request.path, allTrain: request.allTrain ?? false)
    case "shapes":
      let shapes = DrawnShapes(side: request.size ?? 28, channels: request.channels ?? 3, seed: request.seed ?? 0)
      return shapes.splits(
        train: request.count ?? 10_000, validation: request.validationCount ?? 1_000, test: request.testCount ?? 2_000)
    case "idx":
      splits = try loadIDX(request)
    case "folder":
      splits = try loadFolder(request)
    default:
      throw notLoadable(request.name)
    }
    splits.train = splits.train.prefix(request.count ?? .max)
    splits.validation = splits.validation.prefix(request.validationCount ?? .max)
    splits.test = splits.test.prefix(request.testCount ?? .max)
    return try splits.shaped(by: request)
  }

  /// The mixture behind a data set of points, or nil where the name is not one.
  public static func pointMixture(_ name: String) -> PointMixture? {
    switch name {
    case "ring": .ring()
    case "grid": .grid()
    default: nil
    }
  }

  private static func loadIDX(_ request: DataRequest) throws(DatasetError) -> DatasetSplits {
    guard let path = request.path else {
      throw .unsuitable(field: "path", found: "nothing", expected: "the folder of the four IDX files")
    }
    let source = IDXFolder(path: path, advice: "the folder of data.path must hold the four files of the MNIST family")
    let whole = try source.part("train", name: "idx/train", classNames: nil) { label, _ in "class \(label)" }
    let test = try source.part("t10k", name: "idx/test", classNames: whole.classNames) { label, _ in "class \(label)" }
    return try DatasetSplits.cut(whole, test: test, validationCount: 5_000, allTrain: request.allTrain ?? false)
  }

  private static func loadFolder(_ request: DataRequest) throws(DatasetError) -> DatasetSplits {
    guard let path = request.path else {
      throw .unsuitable(field: "path", found: "nothing", expected: "a folder with one folder of PNG files a class")
    }
    let folder = ImageFolder(path: path, side: request.size ?? 32, channels: request.channels)
    return try folder.splits(seed: request.seed ?? 0)
  }

  private static func check(_ request: DataRequest) throws(DatasetError) {
    if let size = request.size, !(8...512).contains(size) {
      throw .unsuitable(field: "size", found: "\(size)", expected: "a side from 8 to 512 pixels")
    }
    if let channels = request.channels, channels != 1, channels != 3 {
      throw .unsuitable(field: "channels", found: "\(channels)", expected: "1 or 3")
    }
    let counts = [
      ("count", request.count), ("validationCount", request.validationCount), ("testCount", request.testCount),
    ]
    for case (let field, let count?) in counts where count < 1 {
      throw .unsuitable(field: field, found: "\(count)", expected: "at least 1")
    }
  }

  private static func notLoadable(_ name: String) -> DatasetError {
    if let entry = entries().first(where: { $0.name == name }), entry.kind == .points {
      return .unsuitable(field: "name", found: "\"\(name)\", a set of points", expected: "a set of images")
    }
    return .unknownName(name, nearest: nearestName(to: name))
  }

  /// The catalogue's name with the least number of edits, where that is less than half of its letters.
  private static func nearestName(to name: String) -> String? {
    let distances = entries().map { ($0.name, editDistance(Array(name.lowercased()), Array($0.name))) }
    return distances.filter { 2 * $0.1 <= $0.0.count }.min { $0.1 < $1.1 }?.0
  }

  private static func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var row = Array(0...b.count)
    for (i, left) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, right) in b.enumerated() {
        let substitution = diagonal + (left == right ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substitution, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }
}

extension DatasetSplits {
  /// The parts at the size and with the channels that a request asks for.
  fileprivate func shaped(by request: DataRequest) throws(DatasetError) -> DatasetSplits {
    if request.channels == 1, train.channels == 3 {
      throw .unsuitable(field: "channels", found: "1", expected: "3; the images of \(request.name) are in colour")
    }
    let size = request.size
    return map { set in
      let fitted = size.map { set.fitted(height: $0, width: $0) } ?? set
      return request.channels == 3 ? fitted.inColour() : fitted
    }
  }
}
