import LineupSupport

/// A view of tensors under other names: what a checkpoint in an older layout would be in the one that is read here.
package struct RenamedTensors: TensorSource {
  /// What a tensor of the view is made of.
  package struct Part: Sendable {
    package var name: String
    package var shape: [Int]
    /// The index of this part among `count` equal ones along the first axis.
    package var index: Int
    package var count: Int

    /// The whole tensor; a shape other than the file's must have as many numbers.
    package init(_ name: String, shape: [Int]) { (self.name, self.shape, index, count) = (name, shape, 0, 1) }

    /// One of `count` equal parts along the first axis, or the whole tensor where that axis has no such parts.
    package init(_ name: String, index: Int, of count: Int, entry: TensorEntry) {
      let length = entry.shape.first ?? 1
      let hasParts = length % count == 0
      (self.name, self.index, self.count) = (name, hasParts ? index : 0, hasParts ? count : 1)
      shape = hasParts ? [length / count] + entry.shape.dropFirst() : entry.shape
    }
  }

  package let path: String
  package let entries: [TensorEntry]
  private let source: any TensorSource
  private let indexByName: [String: Int]
  private let originals: [(name: String, part: Part)]

  /// The view in which `parts` says what becomes of each tensor; of none, it is left out. Two tensors that get one name are
  /// an error.
  package init(_ source: any TensorSource, parts: (TensorEntry) -> [Part]) throws(Fault) {
    var (entries, originals, indexByName): ([TensorEntry], [(String, Part)], [String: Int]) = ([], [], [:])
    var problems: [String] = []
    for entry in source.entries {
      for part in parts(entry) {
        if let index = indexByName[part.name] {
          problems.append(
            "\(source.nameInFile(entry.name)): is the same tensor as \(source.nameInFile(originals[index].0))")
        }
        let length = entry.offsets.count / part.count
        let start = entry.offsets.lowerBound + part.index * length
        indexByName[part.name] = entries.count
        originals.append((entry.name, part))
        entries.append(
          TensorEntry(name: part.name, dtype: entry.dtype, shape: part.shape, offsets: start..<start + length))
      }
    }
    guard problems.isEmpty else { throw .unfit(source.path, problems) }
    path = source.path
    (self.source, self.entries, self.indexByName) = (source, entries, indexByName)
    self.originals = originals
  }

  package func entry(_ name: String) -> TensorEntry? { indexByName[name].map { entries[$0] } }

  package func nameInFile(_ name: String) -> String {
    guard let index = indexByName[name] else { return name }
    let (original, part) = originals[index]
    return source.nameInFile(original) + (part.count == 1 ? "" : " (part \(part.index + 1) of \(part.count))")
  }

  package func withBytes(of name: String, _ body: (UnsafeRawBufferPointer) -> Void) {
    guard let index = indexByName[name] else { return }
    let (original, part) = originals[index]
    source.withBytes(of: original) { raw in
      let length = raw.count / part.count
      body(UnsafeRawBufferPointer(rebasing: raw[part.index * length..<(part.index + 1) * length]))
    }
  }
}
