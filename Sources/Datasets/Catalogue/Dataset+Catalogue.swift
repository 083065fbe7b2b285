import LineupSupport

/// All data sets by name, and loading by name.
extension Dataset {
  /// Every data set, in the order to show them.
  package static let all: [Dataset] = [.fashionMNIST, .shapes, .idx, .folder, .ring, .grid]

  /// The set of this name; nil where there is none.
  package static func named(_ name: String) -> Dataset? { all.first { $0.name == name } }

  /// Loads a data set of images, cut and scaled to what is asked for.
  public static func load(_ request: DataRequest) throws(Fault) -> DatasetSplits {
    try check(request)
    guard let set = named(request.name) else {
      let nearest = nearestName(to: request.name, among: all.map(\.name)).map { "; did you mean \"\($0)\"?" } ?? ""
      throw .malformed(
        "data.name", found: "no data set \"\(request.name)\"",
        expected: "one that `lineup data list` shows\(nearest)")
    }
    guard let images = set.images else {
      throw .malformed("data.name", found: "\"\(set.name)\", a set of points", expected: "a set of images")
    }
    if let folder = set.folder, request.path == nil {
      throw .malformed("data.path", found: "nothing", expected: folder)
    }
    var splits = try images.load(request)
    if set.folder != nil, splits.manifest == nil { splits.manifest = DataManifest(splits) }
    splits.train = try splits.train.first(request.count, asked: "count")
    splits.validation = try splits.validation.first(request.validationCount, asked: "validationCount")
    splits.test = try splits.test.first(request.testCount, asked: "testCount")
    return try splits.shaped(by: request)
  }

  /// The mixture behind a data set of points, or nil where the name is not one.
  public static func pointMixture(_ name: String) -> PointMixture? { named(name)?.mixture }

  private static func check(_ request: DataRequest) throws(Fault) {
    if let size = request.size, !(8...512).contains(size) {
      throw .malformed("data.size", found: "\(size)", expected: "a side from 8 to 512 pixels")
    }
    if let channels = request.channels, channels != 1, channels != 3 {
      throw .malformed("data.channels", found: "\(channels)", expected: "1 or 3")
    }
    let counts = [
      ("count", request.count), ("validationCount", request.validationCount), ("testCount", request.testCount),
    ]
    for case (let field, let count?) in counts where count < 1 {
      throw .malformed("data.\(field)", found: "\(count)", expected: "at least 1")
    }
  }
}

extension ImageSet {
  /// The first images, as many as a member of the request asks for.
  fileprivate func first(_ count: Int?, asked member: String) throws(Fault) -> ImageSet {
    guard let count else { return self }
    guard count <= self.count else {
      throw .malformed("data.\(member)", found: "\(count)", expected: "at most \(self.count), the images of \(name)")
    }
    return prefix(count)
  }
}

extension DatasetSplits {
  /// The parts at the size and with the channels that a request asks for.
  fileprivate func shaped(by request: DataRequest) throws(Fault) -> DatasetSplits {
    if request.channels == 1, train.channels == 3 {
      throw .malformed("data.channels", found: "1", expected: "3; the images of \(request.name) are in colour")
    }
    let size = request.size
    return map { set in
      let fitted = size.map { set.fitted(height: $0, width: $0) } ?? set
      return request.channels == 3 ? fitted.inColour() : fitted
    }
  }
}
