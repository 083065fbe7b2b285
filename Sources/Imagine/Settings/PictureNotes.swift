import LineupStrictJSON
import LineupSupport

/// Settings stand twice in a picture's file: as JSON under the keyword `lineup`, all of them, and as the text that the
/// program known as A1111 writes under `parameters`, those that it has a word for, so that other programs can show them.
extension PictureSettings {
  /// What to store in a PNG file. The same settings give the same texts.
  package var pngNotes: [(keyword: String, text: String)] {
    [("parameters", parameters), ("lineup", JSONValue(encoding: self).canonicalText)]
  }

  /// The settings in a PNG file's notes: our own where there are some, else A1111's. `path` names the file in errors.
  package init(pngNotes notes: [(keyword: String, text: String)], path: String) throws(PictureNotesError) {
    if let note = notes.first(where: { $0.keyword == "lineup" }) {
      do throws(Fault) {
        self = try JSONDocument(reading: Array(note.text.utf8), source: "the note lineup").decoded()
      } catch {
        throw .malformed(path: path, keyword: "lineup", problems: ["\(error)"])
      }
    } else if let note = notes.first(where: { $0.keyword == "parameters" }) {
      try self.init(parameters: note.text, path: path)
    } else {
      throw .missing(path: path, found: notes.map(\.keyword))
    }
  }
}

/// What can be wrong with the settings in a picture's file.
package enum PictureNotesError: Error, Equatable, CustomStringConvertible {
  /// The file has other notes, under these keywords, or none.
  case missing(path: String, found: [String])
  /// All that is wrong with the note of a keyword.
  case malformed(path: String, keyword: String, problems: [String])

  package var description: String {
    switch self {
    case .missing(let path, let found):
      "\(path): found \(found.isEmpty ? "no notes" : "the notes " + found.joined(separator: ", ")), expected one of the "
        + "keyword lineup or parameters"
    case .malformed(let path, let keyword, let problems):
      "\(path): the note \(keyword) cannot be read:\n" + problems.map { "  \($0)" }.joined(separator: "\n")
    }
  }
}
