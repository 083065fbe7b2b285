import LineupSupport

/// Files of one JSON value that the harness writes and reads itself: records, in which numbers that are not finite are the
/// texts `inf`, `-inf` and `nan`.
package enum JSONFile {
  /// Writes a value with its members sorted, whole or not at all.
  ///
  /// - Parameter compact: without line breaks, for records whose size is bounded.
  package static func write(_ value: some Encodable, to path: String, compact: Bool = false) throws(Fault) {
    let json = JSONValue(encoding: value)
    try DurableFile.write(compact ? json.canonicalText + "\n" : json.sorted.indentedText, to: path)
  }

  /// Reads a value.
  package static func read<Value: Decodable>(_ type: Value.Type, from path: String) throws(Fault) -> Value {
    try JSONDocument(reading: try WholeFile.read(path), source: path).decoded(readingNonFinite: true)
  }
}
