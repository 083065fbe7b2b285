import LineupSupport

/// What a folder of pictures holds, file by file: the identity of a study's data, frozen at its launch.
package struct DataManifest: Codable, Equatable, Sendable {
  /// One picture.
  package struct Entry: Codable, Equatable, Sendable {
    /// Relative to the folder.
    package var file: String
    /// The digest of its pixels.
    package var pixels: String
    package var width: Int
    package var height: Int
    package var caption: String
    /// An index into the classes, or −1.
    package var label: Int
    package var split: DataPart
  }

  package var format = "lineup.data"
  package var version = 1
  /// Of pixels, captions, classes and parts. Files may change their names under the same classes.
  package private(set) var hash: String
  package private(set) var classes: [String]
  /// In the order of the files' names.
  package private(set) var files: [Entry]

  init(classes: [String], files: [Entry]) {
    (self.classes, self.files) = (classes, files)
    hash = Self.hash(classes, files)
  }

  /// Of data without files of their own: what training sees stands for all.
  init(_ splits: DatasetSplits) {
    (hash, classes, files) = (splits.contentHash(), splits.train.classNames, [])
  }

  private static func hash(_ classes: [String], _ files: [Entry]) -> String {
    var hash = SHA256()
    hash.update(classes)
    for part in DataPart.allCases {
      let entries = files.filter { $0.split == part }
        .map { [$0.pixels, $0.label < 0 ? "" : classes[$0.label], $0.caption] }
        .sorted { $0.lexicographicallyPrecedes($1) }
      hash.update(entries.count)
      for entry in entries { hash.update(entry) }
    }
    return hash.hexadecimalDigest()
  }

  /// What is different in the data as they are now, a phrase for each file; empty where nothing that matters is.
  package func changes(to now: DataManifest) -> [String] {
    guard hash != now.hash else { return [] }
    let earlier = Dictionary(files.map { ($0.file, $0) }, uniquingKeysWith: { first, _ in first })
    let later = Dictionary(now.files.map { ($0.file, $0) }, uniquingKeysWith: { first, _ in first })
    var changes = now.files.filter { earlier[$0.file] == nil }.map { "\($0.file) was added" }
    changes += files.filter { later[$0.file] == nil }.map { "\($0.file) was removed" }
    for entry in files {
      guard let other = later[entry.file] else { continue }
      var what: [String] = []
      if entry.pixels != other.pixels { what.append("pixels") }
      if entry.caption != other.caption { what.append("caption") }
      if className(entry) != now.className(other) { what.append("class") }
      if entry.split != other.split { what.append("part (\(entry.split), now \(other.split))") }
      if !what.isEmpty { changes.append("\(entry.file) has another \(what.joined(separator: ", "))") }
    }
    return changes.isEmpty ? ["pixels, captions or classes differ"] : changes
  }

  private func className(_ entry: Entry) -> String? { entry.label < 0 ? nil : classes[entry.label] }
}

extension SHA256 {
  /// Takes in texts with their lengths, so that no two lists give the same bytes.
  mutating func update(_ texts: [String]) {
    update(texts.count)
    for text in texts {
      let bytes = Array(text.utf8)
      update(bytes.count)
      update(bytes)
    }
  }
}
