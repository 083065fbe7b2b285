import Foundation
import LineupSupport

/// A file that is no picture to train on, and why.
package struct LeftOutFile: Codable, Equatable, Sendable {
  /// Relative to the folder.
  package var file: String
  package var reason: String

  package init(file: String, reason: String) { (self.file, self.reason) = (file, reason) }

  init(file: String, _ fault: Fault) {
    var fault = fault
    fault.file = ""
    self.init(file: file, reason: String(fault.description.drop { $0 == ":" || $0 == " " }))
  }
}

/// All files under a folder, in the order of their names, however deep. Hidden ones, which begin with a dot, do not count.
struct FolderWalk {
  /// Relative to the folder; neither captions nor left out.
  private(set) var candidates: [String] = []
  /// Files NAME.txt.
  private(set) var texts: Set<String> = []
  /// Files `metadata.jsonl`.
  private(set) var metadata: [String] = []
  private(set) var leftOut: [LeftOutFile] = []

  /// Folders as deep as this are taken for a mistake.
  private static let deepest = 32

  init(_ root: String) throws(Fault) {
    try visit(root, prefix: "", above: [])
  }

  private mutating func visit(_ folder: String, prefix: String, above: [String]) throws(Fault) {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }
    } catch {
      throw .unreadable(folder, (error as NSError).localizedDescription)
    }
    let real = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let (path, file) = ("\(folder)/\(name)", prefix + name)
      if name.firstControl != nil {
        leftOut.append(LeftOutFile(file: file, reason: "its name holds control characters"))
      } else if Folder.isFolder(path) {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        if target == real || above.contains(target) || above.count >= Self.deepest {
          leftOut.append(
            LeftOutFile(file: file, reason: "a link to a folder that it lies in, or too many folders deep"))
        } else {
          try visit(path, prefix: file + "/", above: above + [real])
        }
      } else if name == "metadata.jsonl" {
        metadata.append(file)
      } else if name.lowercased().hasSuffix(".txt") {
        texts.insert(file)
      } else {
        candidates.append(file)
      }
    }
  }

  /// Takes texts that belong to no picture for what they are: files that nothing is read from.
  mutating func leaveOutLonelyTexts() {
    let stems = Set(candidates.map(FolderCaptions.stem))
    for text in texts.sorted() where !stems.contains(FolderCaptions.stem(text)) {
      leftOut.append(LeftOutFile(file: text, reason: "a caption without a picture of its name"))
    }
  }
}
