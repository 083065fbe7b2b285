import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// Where a user's path leads, found out before work is spent on what will be written there.
package enum WriteTarget {
  /// As many links, one behind the other, as the system follows.
  private static let longestChain = 40

  /// The path of the regular file that `path` names, or will name once it is written; links are followed, so that what they
  /// point at is written and they stay. A missing folder, and what is neither a file nor a free name, are faults.
  package static func resolved(_ path: String) throws(Fault) -> String {
    var place = path
    for _ in 0...longestChain {
      guard !place.isEmpty, !place.hasSuffix("/") else {
        throw Fault(.unwritable, file: path, found: "the name of a folder", expected: "that of a file")
      }
      var status = stat()
      guard lstat(place, &status) == 0 else {
        // Nothing of this name: it is free if its folder is there.
        guard errno == ENOENT else { throw .writing(path) }
        try checkFolder(of: place, for: path)
        return place
      }
      switch status.st_mode & S_IFMT {
      case S_IFREG:
        try checkFolder(of: place, for: path)
        return place
      case S_IFLNK:
        guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: place) else {
          throw .writing(path)
        }
        place = target.hasPrefix("/") ? target : "\(folder(of: place))/\(target)"
      case let kind:
        let found = kind == S_IFDIR ? "a folder" : "a pipe, a socket or a device"
        throw Fault(.unwritable, file: path, found: found, expected: "a file, or a name that is free")
      }
    }
    throw Fault(.unwritable, file: path, found: "links that lead in a circle", expected: "a file")
  }

  private static func folder(of path: String) -> String {
    let folder = (path as NSString).deletingLastPathComponent
    return folder.isEmpty ? "." : folder
  }

  private static func checkFolder(of place: String, for path: String) throws(Fault) {
    var status = stat()
    let folder = folder(of: place)
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw Fault(.unwritable, file: path, cause: "there is no folder \(folder)")
    }
    guard access(folder, W_OK | X_OK) == 0 else { throw .writing(path) }
  }
}
