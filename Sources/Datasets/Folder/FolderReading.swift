import LineupFormats
import LineupSupport

/// A folder of pictures, read whole: what is in it, what part each picture belongs to, and what is left out and why.
package struct FolderReading: Sendable {
  /// One picture that was read.
  struct Item: Sendable {
    var file: String
    var digest: PixelDigest
    var width: Int
    var height: Int
    var caption: String
    /// An index into the classes, or −1.
    var label: Int32
    var part: DataPart
    /// Scaled and cut to the size asked for; nil where none was.
    var picture: Picture?
  }

  private let path: String
  /// In the order of the files' names.
  private(set) var items: [Item] = []
  package private(set) var classNames: [String] = []
  package private(set) var leftOut: [LeftOutFile] = []
  /// What keeps the whole from being trained on, a sentence each.
  package private(set) var problems: [String] = []

  /// Files in the folder, captions and hidden files aside.
  package var fileCount: Int { items.count + leftOut.count }

  /// How many pictures each part has.
  package func count(_ part: DataPart) -> Int { items.count { $0.part == part } }

  /// Reads every file in the folder.
  ///
  /// - Parameters:
  ///   - side: the side of the squares that pictures are cut to; nil where only what there is matters.
  ///   - paper: what transparent pictures lie on.
  package init(_ path: String, side: Int?, paper: Colour = .white) throws(Fault) {
    self.path = path
    guard Folder.isFolder(path) else {
      throw Fault(.missing, file: path, cause: "data.path must be a folder of pictures")
    }
    var walk = try FolderWalk(path)
    let layout = FolderLayout(walk.candidates)
    walk.leaveOutLonelyTexts()
    let captions = try FolderCaptions(walk, in: path)
    leftOut = walk.leftOut
    for file in walk.candidates {
      do throws(Fault) {
        items.append(try Self.read(file, in: path, layout, captions, side: side, paper: paper))
      } catch {
        leftOut.append(LeftOutFile(file: file, error))
      }
    }
    leftOut.sort { $0.file.utf8.lexicographicallyPrecedes($1.file.utf8) }
    nameClasses(layout)
    findProblems(layout)
  }

  private static func read(
    _ file: String, in path: String, _ layout: FolderLayout, _ captions: FolderCaptions, side: Int?, paper: Colour
  ) throws(Fault) -> Item {
    let place = try layout.place(of: file)
    let picture = try DecodedPicture(file: "\(path)/\(file)").picture(on: paper)
    let caption = try captions.caption(of: file) ?? place.className.map(Self.caption(ofClass:)) ?? ""
    let digest = PixelDigest(of: picture)
    return Item(
      file: file, digest: digest, width: picture.width, height: picture.height, caption: caption, label: -1,
      part: layout.part(of: digest, given: place.part), picture: side.map { picture.squared(side: $0) })
  }

  /// `a pear`, `an old apple`.
  private static func caption(ofClass name: String) -> String {
    let words = name.replacing("_", with: " ").lowercased()
    let article = "aeiou".contains(words.first ?? " ") ? "an" : "a"
    return "\(article) \(words)"
  }

  /// Classes are the folders that hold pictures which could be read, in the order of their names.
  private mutating func nameClasses(_ layout: FolderLayout) {
    let names = items.map { (try? layout.place(of: $0.file))?.className }
    classNames = Set(names.compactMap { $0 }).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for (index, name) in names.enumerated() {
      items[index].label = name.flatMap { classNames.firstIndex(of: $0) }.map(Int32.init) ?? -1
    }
  }

  private mutating func findProblems(_ layout: FolderLayout) {
    guard !items.isEmpty else {
      problems.append("found no pictures, expected \(PictureFormat.readable) files")
      return
    }
    if layout.hasParts {
      var first: [PixelDigest: Item] = [:]
      for item in items {
        let other = first[item.digest, default: item]
        first[item.digest] = other
        guard other.part != item.part else { continue }
        problems.append("\(other.file) and \(item.file) are equal pictures in different parts")
      }
    }
    let empty = DataPart.allCases.filter { count($0) == 0 }
    guard !empty.isEmpty else { return }
    let equal = Set(items.map(\.digest)).count
    problems.append(
      "none of the \(items.count) pictures\(equal < items.count ? ", of which \(equal) are different," : "") is in the "
        + "\(empty.map(\.rawValue).joined(separator: " or the ")) part, and every part needs some: add pictures, or put "
        + "them into folders train, validation and test")
  }

  /// Refuses a folder that cannot be trained on: with everything that is wrong with it.
  package func check(skipBad: Bool) throws(Fault) {
    guard skipBad || leftOut.isEmpty else {
      var fault = Fault.unfit(path, leftOut.map { "\($0.file): \($0.reason)" } + problems)
      fault.found = "\(leftOut.count) of \(fileCount) files that cannot be used"
      fault.expected = "pictures alone; \"skipBad\": true in data leaves the others out"
      throw fault
    }
    guard problems.isEmpty else { throw .unfit(path, problems) }
  }

  /// The folder's identity.
  package var manifest: DataManifest {
    DataManifest(
      classes: classNames,
      files: items.map { item in
        DataManifest.Entry(
          file: item.file, pixels: item.digest.text, width: item.width, height: item.height, caption: item.caption,
          label: Int(item.label), split: item.part)
      })
  }
}
