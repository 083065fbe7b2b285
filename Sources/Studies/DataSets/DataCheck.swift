import LineupDatasets
import LineupStrictJSON
import LineupSupport
import OrderedCollections

/// What a folder of pictures holds, and every file in it that cannot be used.
package struct DataCheck: Sendable {
  private let reading: FolderReading
  private let path: String

  /// Reads every file.
  package init(_ request: DataRequest) throws(Fault) {
    guard let set = Dataset.named(request.name), set.name == Dataset.folder.name else {
      throw .malformed(
        "\(request.name)", found: "a data set that is not made of picture files", expected: Dataset.folder.name)
    }
    guard let path = request.path else {
      throw .malformed("--path", found: "nothing", expected: "the folder of the pictures")
    }
    self.path = path
    reading = try FolderReading(path, side: nil)
  }

  /// Whether every file can be used, and all together can be trained on.
  package var isSound: Bool { reading.leftOut.isEmpty && reading.problems.isEmpty }

  /// The facts, then a line for each file that is left out.
  package var text: String {
    let manifest = reading.manifest
    let parts = DataPart.allCases.map { "\(NumberText.count(reading.count($0))) \($0)" }.joined(separator: ", ")
    let classes = classCounts.map { "\($0.name) (\(NumberText.count($0.count)))" }
    var lines = [
      "\(path): \(NumberText.count(reading.fileCount)) files, \(NumberText.count(manifest.files.count)) read, "
        + "\(NumberText.count(reading.leftOut.count)) left out",
      "  parts    \(parts)", "  classes  \(classes.isEmpty ? "none" : classes.joined(separator: ", "))",
    ]
    let silent = manifest.files.count { $0.caption.isEmpty }
    if silent > 0 { lines.append("  captions none for \(NumberText.count(silent)) pictures") }
    lines.append("  hash     \(manifest.hash)")
    if !reading.leftOut.isEmpty { lines.append("left out:") }
    lines += reading.leftOut.map { "  \($0.file): \($0.reason)" }
    lines += reading.problems.map { "problem: \($0)" }
    // Names of files may hold anything.
    return (lines.joined(separator: "\n") + "\n").escapingControls(keepingLines: true)
  }

  package var json: JSONValue {
    let manifest = reading.manifest
    func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
    return [
      "path": .string(path), "files": number(reading.fileCount), "read": number(manifest.files.count),
      "leftOut": .array(reading.leftOut.map { ["file": .string($0.file), "reason": .string($0.reason)] }),
      "problems": .array(reading.problems.map(JSONValue.string)), "hash": .string(manifest.hash),
      "classes": .array(manifest.classes.map(JSONValue.string)),
      "splits": .object(
        .init(uniqueKeysWithValues: DataPart.allCases.map { ($0.rawValue, number(reading.count($0))) })),
    ]
  }

  private var classCounts: [(name: String, count: Int)] {
    let files = reading.manifest.files
    return reading.classNames.enumerated().map { label, name in (name, files.count { $0.label == label }) }
  }
}
