import LineupStrictJSON
import LineupSupport

/// Digests inside a safetensors file: one of each tensor and one of everything, which no reader of the format minds.
///
/// The whole one is taken over all other metadata (the tensors' digests among them) and every tensor's name, type and
/// shape, so that no bit of a sealed file can change unseen.
enum SafetensorsSeal {
  static let whole = "digest"
  static func name(of tensor: String) -> String { "sha256 \(tensor)" }

  static func digest(
    of metadata: [String: String], _ tensors: [(name: String, dtype: String, shape: [Int])]
  ) -> String {
    var hash = SHA256()
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) where key != whole {
      hash.update(Array("\(JSONValue.quoted(key)):\(JSONValue.quoted(value))\n".utf8))
    }
    for tensor in tensors.sorted(by: { $0.name < $1.name }) {
      hash.update(Array("\(JSONValue.quoted(tensor.name)):\(tensor.dtype)\(tensor.shape)\n".utf8))
    }
    return hash.hexadecimalDigest()
  }
}

extension SafetensorsFile {
  /// Compares every digest that the file carries with what it holds.
  ///
  /// - Returns: whether it carries any; a file without them may be whole or not.
  /// - Throws: where a value, a name or a text is not what was written.
  package func checkSeal() throws(Fault) -> Bool {
    guard let stored = metadata[SafetensorsSeal.whole] else { return false }
    let tensors = entries.map { (name: $0.name, dtype: $0.dtype, shape: $0.shape) }
    try compare(SafetensorsSeal.digest(of: metadata, tensors), with: stored, place: "the header")
    for entry in entries {
      var hash = SHA256()
      withBytes(of: entry.name) { hash.update($0) }
      try compare(
        hash.hexadecimalDigest(), with: metadata[SafetensorsSeal.name(of: entry.name)], place: "tensor \(entry.name)")
    }
    return true
  }

  private func compare(_ computed: String, with stored: String?, place: String) throws(Fault) {
    guard computed != stored else { return }
    throw Fault(
      .malformed, file: path, place: place, found: "the SHA-256 \(computed)", expected: stored ?? "a digest of its own",
      cause: "the file is damaged")
  }
}
