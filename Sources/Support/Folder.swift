import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// Folders, and what is in them.
package enum Folder {
  /// Makes a folder and those above it; one that is there already is fine.
  package static func make(_ path: String) throws(Fault) {
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      made += "/\(part)"
      guard mkdir(made, 0o755) != 0 else { continue }
      let code = errno
      if code == EEXIST || (code != ENOSPC && code != EDQUOT && access(made, F_OK) == 0) { continue }
      errno = code
      throw .writing(made)
    }
    guard isFolder(path) else { throw Fault(.unwritable, file: path, found: "a file", expected: "a folder") }
  }

  /// The names in a folder in order, hidden ones too; none where it cannot be read.
  package static func names(in path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  /// Whether a folder of this name is there.
  package static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// Whether anything of this name is there.
  package static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// Deletes a file or a folder with all that is in it; nothing of that name is fine.
  package static func remove(_ path: String) throws(Fault) {
    guard exists(path) else { return }
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw Fault(.unwritable, file: path, cause: "it cannot be deleted: \(error.localizedDescription)")
    }
  }
}
