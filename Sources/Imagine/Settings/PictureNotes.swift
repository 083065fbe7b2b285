import LineupFormats
import LineupStrictJSON
import LineupSupport

/// Settings stand twice in a picture's file: as JSON under the keyword `lineup`, all of them, and as the text that the
/// program known as A1111 writes under `parameters`, those that it has a word for, so that other programs can show them.
extension PictureSettings {
  /// What to store in a picture's file. The same settings give the same texts.
  package var notes: [PictureNote] {
    [("parameters", parameters), ("lineup", JSONValue(encoding: self).canonicalText)]
  }

  /// The settings in a file's notes: our own where there are some, else A1111's. `path` names the file in errors, and
  /// `unheeded` gets what they ask for and settings cannot say.
  package init(
    notes: [PictureNote], path: String, unheeded: inout [UnheededSetting]
  ) throws(Fault) {
    if let note = notes.first(where: { $0.keyword == "lineup" }) {
      do throws(Fault) {
        self = try JSONDocument(reading: Array(note.text.utf8), source: "the note lineup").decoded()
      } catch {
        throw Self.unreadableNote("lineup", of: path, ["\(error)"])
      }
    } else if let note = notes.first(where: { $0.keyword == "parameters" }) {
      try self.init(parameters: note.text, path: path, unheeded: &unheeded)
    } else {
      let found = notes.isEmpty ? "no notes" : "the notes " + notes.map(\.keyword).joined(separator: ", ")
      throw .malformed(path, found: found, expected: "one of the keyword lineup or parameters")
    }
  }

  /// All that is wrong with the note of a keyword.
  static func unreadableNote(_ keyword: String, of path: String, _ problems: [String]) -> Fault {
    var fault = Fault.unfit(path, problems)
    fault.place = "the note \(keyword)"
    return fault
  }
}
