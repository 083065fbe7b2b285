import LineupSupport

/// One object in which two run files differ.
package struct RunDifference: Sendable, Equatable, CustomStringConvertible {
  package enum Kind: Sendable, Equatable {
    case onlyInFirst
    case onlyInSecond
    case type(first: String, second: String)
    case shape(first: [Int], second: [Int])
    /// How many elements differ, and where the first of them is (row-major index).
    case values(count: Int, of: Int, firstIndex: Int)
  }

  /// Path of the object, with `@name` behind it for an attribute.
  package var object: String
  package var kind: Kind

  package init(object: String, kind: Kind) {
    self.object = object
    self.kind = kind
  }

  package var description: String {
    switch kind {
    case .onlyInFirst: "\(object): only in the first"
    case .onlyInSecond: "\(object): only in the second"
    case .type(let first, let second): "\(object): \(first) in the first, \(second) in the second"
    case .shape(let first, let second): "\(object): shape \(first) in the first, \(second) in the second"
    case .values(let count, let total, let index):
      "\(object): \(count) of \(total) values differ, the first at index \(index)"
    }
  }

  /// Compares what two run files promise to have in common: all series, samples, pictures, spectra, final figures and
  /// attributes, bit by bit (so NaN equals the same NaN, and 0 differs from −0).
  ///
  /// Left out is what tells about the process and not about the results: `/timing`, `/run/status` and what changes with
  /// it, provenance, times of events, and events about the process. One file may be finished and the other not; of a
  /// file that is being written the committed part counts.
  package static func compare(_ first: RunReader, _ second: RunReader) throws(Fault) -> [RunDifference] {
    // The specification as it was when a trial began may have had fewer seeds and arms than when its twin did.
    let isSameTrial = first.identity.trialSHA256 != nil && first.identity.trialSHA256 == second.identity.trialSHA256
    func counts(_ object: String) -> Bool { !(isSameTrial && specification.contains(object)) }
    var differences = try compareAttributes("/", first.file, second.file).filter { counts($0.object) }
    let (mine, theirs) = (try paths(first).filter(counts), try paths(second).filter(counts))
    let (mineSet, theirSet) = (Set(mine), Set(theirs))
    for path in mine {
      guard theirSet.contains(path) else {
        differences.append(RunDifference(object: path, kind: .onlyInFirst))
        continue
      }
      if path == "/events" {
        differences += try compareEvents(first, second)
      } else {
        differences += try compareDataset(path, first, second)
      }
    }
    differences += theirs.filter { !mineSet.contains($0) }.map { RunDifference(object: $0, kind: .onlyInSecond) }
    return differences
  }

  /// The same for files by name.
  package static func compare(_ first: String, _ second: String) throws(Fault) -> [RunDifference] {
    try compare(try RunReader(path: first), try RunReader(path: second))
  }
}

/// The specification of the whole study, in a trial's file.
private let specification: Set<String> = ["/run/config_json", "/@config_sha256"]
private let excludedGroups = ["/timing/", "/run/provenance/", "/run/provenance_resumed/"]
private let excludedDatasets: Set<String> = ["/run/status", "/run/heartbeat", "/run/resumes", "/run/committed_rows"]
private let excludedAttributes: Set<String> = [
  "created_utc", "git_commit", "git_dirty",
  // Dimension scales: references, and only in finished files.
  "DIMENSION_LIST", "REFERENCE_LIST", "NAME",
]

private func paths(_ reader: RunReader) throws(Fault) -> [String] {
  try reader.file.datasets(below: "/").filter { path in
    !excludedDatasets.contains(path) && !excludedGroups.contains { path.hasPrefix($0) }
  }
}

private func compareDataset(
  _ path: String, _ first: RunReader, _ second: RunReader
) throws(Fault) -> [RunDifference] {
  let (mine, theirs) = (try first.file.dataset(path), try second.file.dataset(path))
  let (myType, theirType) = (try mine.type(), try theirs.type())
  guard myType == theirType else {
    return [RunDifference(object: path, kind: .type(first: myType, second: theirType))]
  }
  let (myShape, theirShape) = (try first.committedShape(of: mine, path), try second.committedShape(of: theirs, path))
  var differences = try compareAttributes(path, mine, theirs)
  guard myShape == theirShape else {
    return differences + [RunDifference(object: path, kind: .shape(first: myShape, second: theirShape))]
  }
  let rows = myShape.isEmpty ? nil : 0..<myShape[0]
  if let kind = differingValues(
    try mine.bytes(rows: rows), try theirs.bytes(rows: rows), elements: myShape.reduce(1, *))
  {
    differences.append(RunDifference(object: path, kind: kind))
  }
  return differences
}

private func differingValues(_ first: [UInt8], _ second: [UInt8], elements: Int) -> RunDifference.Kind? {
  guard first != second, elements > 0 else { return nil }
  let size = first.count / elements
  let differing = (0..<elements).filter { index in
    first[index * size..<(index + 1) * size] != second[index * size..<(index + 1) * size]
  }
  return .values(count: differing.count, of: elements, firstIndex: differing.first ?? 0)
}

private func compareAttributes(
  _ path: String, _ first: some AttributeOwner, _ second: some AttributeOwner
) throws(Fault) -> [RunDifference] {
  func names(_ owner: some AttributeOwner) throws(Fault) -> [String] {
    let isScale = try owner.textAttribute("CLASS") == "DIMENSION_SCALE"
    return try owner.attributeNames().filter { !excludedAttributes.contains($0) && !(isScale && $0 == "CLASS") }
  }
  let (mine, theirs) = (try names(first), try names(second))
  var differences: [RunDifference] = []
  for name in mine where theirs.contains(name) {
    let (value, other) = (try first.storedAttribute(name), try second.storedAttribute(name))
    guard let value, let other, value != other else { continue }
    let object = "\(path)@\(name)"
    if value.type != other.type {
      differences.append(RunDifference(object: object, kind: .type(first: value.type, second: other.type)))
    } else if value.shape != other.shape {
      differences.append(RunDifference(object: object, kind: .shape(first: value.shape, second: other.shape)))
    } else if let kind = differingValues(value.bytes, other.bytes, elements: value.shape.reduce(1, *)) {
      differences.append(RunDifference(object: object, kind: kind))
    }
  }
  for name in mine where !theirs.contains(name) {
    differences.append(RunDifference(object: "\(path)@\(name)", kind: .onlyInFirst))
  }
  for name in theirs where !mine.contains(name) {
    differences.append(RunDifference(object: "\(path)@\(name)", kind: .onlyInSecond))
  }
  return differences
}

/// Events about the training, without their times.
private func compareEvents(_ first: RunReader, _ second: RunReader) throws(Fault) -> [RunDifference] {
  func training(_ reader: RunReader) throws(Fault) -> [RunEvent] {
    try reader.events().filter { !$0.code.isAboutProcess }.map { event in
      var event = event
      event.time = 0
      return event
    }
  }
  let (mine, theirs) = (try training(first), try training(second))
  guard mine.count == theirs.count else {
    return [RunDifference(object: "/events", kind: .shape(first: [mine.count], second: [theirs.count]))]
  }
  let differing = mine.indices.filter { mine[$0] != theirs[$0] }
  guard let index = differing.first else { return [] }
  return [RunDifference(object: "/events", kind: .values(count: differing.count, of: mine.count, firstIndex: index))]
}

extension RunReader {
  /// The shape of a dataset without rows that are not committed.
  func committedShape(of dataset: Dataset, _ path: String) throws(Fault) -> [Int] {
    var shape = try dataset.shape()
    if let table = Table.allCases.first(where: { $0.contains(path) }), !shape.isEmpty {
      shape[0] = rows[table] ?? 0
    }
    return shape
  }
}

extension Table {
  /// Whether a dataset is one of this table's columns.
  func contains(_ path: String) -> Bool {
    switch self {
    case .train: path.hasPrefix("/series/train/")
    case .evaluation: path.hasPrefix("/series/eval/")
    case .trainTiming: path.hasPrefix("/timing/train/")
    case .evaluationTiming: path.hasPrefix("/timing/eval/")
    case .events: path == "/events"
    case .samples: path == "/samples/step" || path.hasPrefix("/samples/fixed_z")
    case .finalSamples: ["/samples/final", "/samples/labels", "/samples/sample_seed"].contains(path)
    case .grids: path == "/grids/step" || path == "/grids/history"
    case .spectra: path == "/spectra/step" || path == "/spectra/radial"
    }
  }
}
