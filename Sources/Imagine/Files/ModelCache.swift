import Foundation
import LineupSupport

/// The folders in which Hugging Face's programs keep what they fetched: `models--OWNER--NAME` with `refs/main`, the name of a
/// snapshot, and `snapshots/NAME`, which is laid out as the model was published.
enum ModelCache {
  /// The folder with the model's files: that of a cache folder's snapshot, any other path as it is.
  static func resolved(_ path: String) throws(Fault) -> String {
    let snapshots = "\(path)/snapshots"
    guard isFolder(snapshots), !isThere("\(path)/model_index.json"), !isThere("\(path)/config.json") else {
      return path
    }
    let names = Folder.names(in: snapshots).filter { isFolder("\(snapshots)/\($0)") }.sorted()
    if isThere("\(path)/refs/main") {
      let name = try WholeFile.text("\(path)/refs/main").trimmingCharacters(in: .whitespacesAndNewlines)
      guard names.contains(name) else {
        throw .malformed(
          "\(path)/refs/main", found: "\"\(name)\"",
          expected: "the name of a folder in \(snapshots): \(names.isEmpty ? "there is none" : list(names))")
      }
      return "\(snapshots)/\(name)"
    }
    guard names.count == 1 else {
      throw .malformed(
        snapshots, found: names.isEmpty ? "no folder" : "the folders \(list(names)), and no refs/main that chooses",
        expected: "one snapshot; give its folder as the model")
    }
    return "\(snapshots)/\(names[0])"
  }

  private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }

  private static func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}
