import Foundation

/// Small files of a study: made whole or not at all.
package enum Files {
  /// Makes a folder and those above it; one that is there already is fine.
  package static func makeFolder(_ path: String) throws(StudyError) {
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      made += "/\(part)"
      guard mkdir(made, 0o755) != 0 else { continue }
      let code = errno
      if code == EEXIST || (code != ENOSPC && code != EDQUOT && access(made, F_OK) == 0) { continue }
      errno = code
      throw .last(made, "created")
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      throw .io(path: path, action: "used as a folder", reason: "it is a file", diskFull: false)
    }
  }

  /// Writes under a temporary name, syncs and renames.
  static func write(_ data: Data, to path: String) throws(StudyError) {
    let temporary = "\(path).partial"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { throw .last(path, "written") }
    var written = 0
    while written < data.count {
      let amount = data.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress! + written, $0.count - written) }
      if amount < 0 && errno == EINTR { continue }
      guard amount >= 0 else {
        let error = StudyError.last(path, "written")
        close(descriptor)
        unlink(temporary)
        throw error
      }
      written += amount
    }
    guard fsync(descriptor) == 0, close(descriptor) == 0, rename(temporary, path) == 0 else {
      let error = StudyError.last(path, "written")
      unlink(temporary)
      throw error
    }
  }

  package static func write(_ text: String, to path: String) throws(StudyError) { try write(Data(text.utf8), to: path) }

  /// - Parameter compact: without line breaks, for records whose size is bounded.
  package static func writeJSON(_ value: some Encodable, to path: String, compact: Bool = false) throws(StudyError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if !compact { encoder.outputFormatting.insert(.prettyPrinted) }
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      var data = try encoder.encode(value)
      data.append(0x0A)
      try write(data, to: path)
    } catch let error as StudyError {
      throw error
    } catch {
      throw .malformed(path: path, reason: "the record cannot be written as JSON: \(error)")
    }
  }

  package static func readJSON<Value: Decodable>(_ type: Value.Type, from path: String) throws(StudyError) -> Value {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .io(path: path, action: "read", reason: "no such file, or no permission", diskFull: false)
    }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return try decoder.decode(type, from: data)
    } catch {
      throw .malformed(path: path, reason: "this is no valid \(type): \(error)")
    }
  }

  package static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  static func remove(_ path: String) throws(StudyError) {
    guard exists(path) else { return }
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw .io(path: path, action: "deleted", reason: error.localizedDescription, diskFull: false)
    }
  }
}

/// An exclusive hold on a trial's folder, for as long as the value lives. The kernel lets go when the process dies.
final class TrialLock {
  private let descriptor: Int32

  init(_ folder: TrialFolder) throws {
    descriptor = open(folder.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw StudyError.last(folder.lock, "opened") }
    // A worker whose runner was killed a moment ago may still be finishing its step.
    var patience = 300
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      patience -= 1
      guard patience > 0 else {
        close(descriptor)
        throw StudyError.locked(path: folder.path)
      }
      usleep(100_000)
    }
  }

  deinit { close(descriptor) }
}
