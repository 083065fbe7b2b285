import LineupFormats
import LineupSupport

extension Dataset {
  package static let folder = Dataset(
    name: "folder",
    summary:
      "a folder of your own with \(PictureFormat.readable) files, in folders named after their classes or in none",
    contents: "any size, scaled to data.size (\(ImageFolder.side) where not given) and cut to a square",
    need: .folder("the folder of the pictures"),
    source: .images(
      ImageSource(side: ImageFolder.side) { request throws(Fault) in try ImageFolder.load(request) }))
}

/// A folder of pictures as a data set; `docs/data.md` says how it is read.
enum ImageFolder {
  /// The side of the images where a request names none.
  static let side = 32

  /// The three parts of the folder that a request names.
  static func load(_ request: DataRequest) throws(Fault) -> DatasetSplits {
    let reading = try FolderReading(
      request.path ?? "", side: request.size ?? side, paper: request.background?.colour ?? .white)
    try reading.check(skipBad: request.skipBad ?? false)
    let pictures = reading.items.compactMap(\.picture)
    let channels = request.channels ?? (pictures.allSatisfy(\.isGrey) ? 1 : 3)
    func part(_ part: DataPart) -> ImageSet {
      let items = reading.items.filter {
        $0.part == part || (part == .train && $0.part == .validation && request.allTrain ?? false)
      }
      return set(
        stratified(items, seed: request.seed ?? 0), name: "folder/\(part)", classNames: reading.classNames,
        side: request.size ?? side, channels: channels)
    }
    var splits = DatasetSplits(train: part(.train), validation: part(.validation), test: part(.test))
    splits.manifest = reading.manifest
    return splits
  }

  private static func set(
    _ items: [FolderReading.Item], name: String, classNames: [String], side: Int, channels: Int
  ) -> ImageSet {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(items.count * side * side * channels)
    for picture in items.compactMap(\.picture) { pixels += channels == 3 ? picture.pixels : picture.luma }
    var set = ImageSet(
      name: name, height: side, width: side, channels: channels, pixels: pixels, labels: items.map(\.label),
      classNames: classNames, captions: items.map(\.caption))
    set.files = items.map(\.file)
    return set
  }

  /// Pictures in an order of which every beginning has the classes in their shares, and of each class those that the seed
  /// puts first. So whatever takes the first ones, a smaller count or the real row of a grid, takes fairly.
  private static func stratified(_ items: [FolderReading.Item], seed: UInt64) -> [FolderReading.Item] {
    let classes = Dictionary(grouping: items, by: \.label).mapValues { items in
      items.map { (key: $0.digest.place(seed: seed), item: $0) }.sorted { left, right in
        left.key == right.key
          ? [left.item.caption, left.item.file].lexicographicallyPrecedes([right.item.caption, right.item.file])
          : left.key.lexicographicallyPrecedes(right.key)
      }
    }
    // The r-th of n stands at (2r + 1) / 2n of the whole.
    let placed = classes.flatMap { label, members in
      members.enumerated().map { rank, member in
        (share: Double(2 * rank + 1) / Double(2 * members.count), label: label, item: member.item)
      }
    }
    return placed.sorted { ($0.share, $0.label) < ($1.share, $1.label) }.map(\.item)
  }
}
