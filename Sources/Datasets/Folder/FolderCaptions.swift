import LineupStrictJSON
import LineupSupport

/// The captions in a folder of pictures: the first line of NAME.txt beside NAME.png, or the member `text` of a line of
/// `metadata.jsonl` whose `file_name` is the picture's, relative to that file.
struct FolderCaptions {
  private let root: String
  private let texts: [String: String]
  private var written: [String: String] = [:]

  private static let longestText = 1 << 20
  private static let longestMetadata = 1 << 28

  /// Reads `metadata.jsonl` files; those of pictures are read as they are asked for.
  ///
  /// - Throws: everything that is wrong with a `metadata.jsonl`.
  init(_ walk: FolderWalk, in root: String) throws(Fault) {
    self.root = root
    texts = Dictionary(walk.texts.sorted().map { (Self.stem($0), $0) }, uniquingKeysWith: { first, _ in first })
    let files = Set(walk.candidates + walk.leftOut.map(\.file))
    for file in walk.metadata { try read(file, files) }
  }

  /// A file's path less its ending.
  static func stem(_ file: String) -> String {
    let name = file.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return file }
    return String(file[..<dot])
  }

  /// The caption of a picture; nil where none is written.
  func caption(of file: String) throws(Fault) -> String? {
    guard let text = texts[Self.stem(file)] else { return written[file] }
    let bytes = try WholeFile.read("\(root)/\(text)", atMost: Self.longestText)
    guard let content = String(validating: bytes, as: UTF8.self) else {
      throw .malformed("", place: "its caption \(text)", found: "bytes that are not UTF-8", expected: "a text in UTF-8")
    }
    guard let line = content.split(whereSeparator: \.isNewline).first else {
      throw .malformed("", place: "its caption \(text)", found: "no text", expected: "a line of text")
    }
    let caption = String(line.first == "\u{FEFF}" ? line.dropFirst() : line)
    try Self.check(caption, "its caption \(text)")
    if let other = written[file], other != caption {
      throw .malformed(
        "", place: "its captions", found: "one in \(text) and another in metadata.jsonl", expected: "one")
    }
    return caption
  }

  private static func check(_ caption: String, _ place: String) throws(Fault) {
    guard let control = caption.firstControl else { return }
    throw .malformed("", place: place, found: "the control character \(control.codePoint)", expected: "plain text")
  }

  /// Reads one `metadata.jsonl`; `files` are all that it may name.
  private mutating func read(_ file: String, _ files: Set<String>) throws(Fault) {
    let path = "\(root)/\(file)"
    let folder = file.dropLast("metadata.jsonl".count)
    let bytes = try WholeFile.read(path, atMost: Self.longestMetadata)
    var problems: [String] = []
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let blank = line.allSatisfy { [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r")].contains($0) }
      guard !blank else { continue }
      func problem(_ text: String) { problems.append("line \(index + 1): \(text)") }
      let value: JSONValue
      do {
        value = try JSONParser.parse(Array(line), source: path).document.value
      } catch {
        problem("found \(error.found), expected \(error.expected)")
        continue
      }
      guard let name = value["file_name"]?.text else {
        problem("found no file_name, expected an object with file_name and text")
        continue
      }
      guard files.contains(folder + name) else {
        problem("found no file \(name), expected one beside metadata.jsonl")
        continue
      }
      guard let given = value["text"], given != .null else { continue }
      guard let caption = given.text else {
        problem("found \(given.described) as text of \(name), expected text in double quotes")
        continue
      }
      do throws(Fault) { try Self.check(caption, "the text of \(name)") } catch { problem("\(error)") }
      if written.updateValue(caption, forKey: folder + name) != nil {
        problem("found \(name) a second time, expected each once")
      }
    }
    guard problems.isEmpty else { throw .unfit(path, problems) }
  }
}
