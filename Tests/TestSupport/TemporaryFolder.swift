import Foundation

/// A folder of a test's own, which goes away with this value.
package final class TemporaryFolder: Sendable {
  package let path: String

  package init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "lineup-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file or folder in it, whether there is one or not.
  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file, and makes the folders on its way. Returns its path.
  @discardableResult
  package func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let file = URL(fileURLWithPath: file(name))
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    return file.path
  }

  /// Writes a text file, and makes the folders on its way. Returns its path.
  @discardableResult
  package func write(_ name: String, _ text: String) throws -> String { try write(name, text.utf8) }
}

/// Gives `body` the path of an empty folder, which is there no longer than the call.
package func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = try TemporaryFolder()
  defer { withExtendedLifetime(folder) {} }
  return try body(folder.path)
}

/// A path of a test's own at which nothing is yet, unless a text is given; what is put there goes away with this value.
package final class TemporaryFile: Sendable {
  package let path: String

  package init(_ name: String, _ text: String? = nil) {
    path = FileManager.default.temporaryDirectory.appending(path: "lineup-test-\(UUID().uuidString)-\(name)").path
    if let text { _ = FileManager.default.createFile(atPath: path, contents: Data(text.utf8)) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
