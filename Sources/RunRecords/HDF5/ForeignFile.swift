internal import CLineupHDF5
import LineupSupport

extension RunFile {
  /// This file, after a look at all its objects: what would make HDF5 read other files or run other code is refused before
  /// any value is read.
  func scanned() throws(Fault) -> RunFile {
    var finding = chdf5_finding()
    try call(.reading, place) { chdf5_scan(handle.id, UInt64(Unpacking.limit(packed: size)), &finding) }
    let (found, expected): (String, String)
    switch finding.oddity {
    case CHDF5_ODD_LINK: (found, expected) = ("a link out of the file", "links within the file")
    case CHDF5_ODD_EXTERNAL_STORAGE: (found, expected) = ("values stored in another file", "values in the file itself")
    case CHDF5_ODD_VIRTUAL: (found, expected) = ("a virtual dataset", "values in the file itself")
    case CHDF5_ODD_FILTER:
      (found, expected) = ("the filter \(finding.detail)", "no other filters than deflate, shuffle and fletcher32")
    case CHDF5_ODD_TYPE:
      (found, expected) = ("values of a type that runs do not have", "numbers, or texts of fixed length")
    case CHDF5_ODD_CHUNK: (found, expected) = ("a piece that does not fit into the file", "smaller pieces")
    case CHDF5_ODD_COUNT: (found, expected) = ("more objects than a run can have", "a run file")
    default: return self
    }
    let object = withUnsafeBytes(of: finding.object) { text($0) }
    throw .unexpected(file: path, object: object, found: found, expected: expected)
  }
}

/// Refuses a name or text that would steer what shows it.
func requireNoControls(_ text: String, in place: Place) throws(Fault) {
  guard let control = text.firstControl else { return }
  throw .unexpected(
    file: place.file, object: place.object,
    found: "the control character \(control.codePoint) in \"\(text.prefix(60).escapingControls())\"",
    expected: "a text without control characters")
}
