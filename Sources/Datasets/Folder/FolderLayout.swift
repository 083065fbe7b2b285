import LineupSupport

/// What the folders on the way to a picture mean: its part, where they are called train, validation and test, and its
/// class, the first folder (below that of the part). Deeper ones mean nothing.
struct FolderLayout {
  /// Where a picture belongs.
  struct Place {
    /// Nil where the pixels decide.
    var part: DataPart?
    /// Nil for pictures that lie in no folder.
    var className: String?
  }

  /// The parts that have folders; empty where all folders are classes.
  private let given: Set<DataPart>

  /// Folders name parts where there is one to train on and another one of parts.
  init(_ files: [String]) {
    let tops = Set(files.compactMap { Self.folders($0).first }.compactMap { DataPart(folder: $0) })
    given = tops.contains(.train) && tops.count > 1 ? tops : []
  }

  var hasParts: Bool { !given.isEmpty }

  func place(of file: String) throws(Fault) -> Place {
    let folders = Self.folders(file)
    guard hasParts else { return Place(part: nil, className: folders.first) }
    guard let part = folders.first.flatMap({ DataPart(folder: $0) }) else {
      throw .malformed(
        "", found: "a picture beside the folders train, validation and test", expected: "it in one of them")
    }
    return Place(part: part, className: folders.dropFirst().first)
  }

  /// A picture's part: the one of its folder, or what its pixels say. Where only a part to test on is given, or only one to
  /// validate on, the other is cut from that to train on.
  func part(of digest: PixelDigest, given part: DataPart?) -> DataPart {
    guard let part else { return DataPart(of: digest) }
    guard part == .train, let missing = DataPart.allCases.first(where: { !given.contains($0) }) else { return part }
    return DataPart(of: digest, cutting: missing)
  }

  private static func folders(_ file: String) -> [String] { file.split(separator: "/").dropLast().map(String.init) }
}
