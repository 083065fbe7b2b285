import Foundation
import LineupRunRecords
import LineupSupport

/// Run files that may come from elsewhere. HDF5 is a large library in C, and a file can be made so that reading it ends the
/// process or never ends. So they are read by a process of their own first, whose end is an error like any other.
package enum ForeignRuns {
  /// How many files one process reads.
  private static let share = 64

  /// Reads files in a process of this same program.
  ///
  /// - Parameter executable: the program whose command `examine` reads them; nil for this one.
  package static func examine(_ paths: [String], executable: String? = nil) throws(Fault) {
    let executable = executable ?? "/proc/self/exe"
    for start in stride(from: 0, to: paths.count, by: share) {
      try examineTogether(Array(paths[start..<min(paths.count, start + share)]), executable: executable)
    }
  }

  private static func examineTogether(_ paths: [String], executable: String) throws(Fault) {
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: executable).resolvingSymlinksInPath()
    process.arguments = ["examine", "--"] + paths
    process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    do { try process.run() } catch {
      throw .unreadable(executable, "it cannot be started: \(error.localizedDescription)")
    }
    // A process that traps says little, so neither pipe fills while the other is read.
    let begun = output.fileHandleForReading.readDataToEndOfFile().count { $0 == UInt8(ascii: "\n") }
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let path = paths[min(max(0, begun - 1), paths.count - 1)]
    if process.terminationReason == .uncaughtSignal {
      throw .unreadable(
        path, "the process that read it ended by signal \(process.terminationStatus): the file is damaged or hostile")
    }
    guard process.terminationStatus != 0 else { return }
    var reason = said.split(separator: "\n").last.map(String.init) ?? "the process that read it gave no reason"
    for beginning in ["lineup: ", "\(path): ", "\(path), ", "cannot be read: "] where reason.hasPrefix(beginning) {
      reason.removeFirst(beginning.count)
    }
    throw .unreadable(path, reason)
  }

  /// What that process does: reads all of every file, with bounds on time and memory that no real file meets. It tells
  /// `begin` of each file.
  package static func read(_ paths: [String], begin: () -> Void) throws(Fault) {
    for path in paths {
      begin()
      let (descriptor, size) = try WholeFile.open(path)
      close(descriptor)
      ProcessLimits.set(
        addressSpace: ProcessUsage.addressSpace + (2 << 30) + 8 * size,
        seconds: Int(ProcessUsage.coreSeconds) + 30 + size / 2_000_000)
      try RunReader(path: path).readEverything()
    }
  }
}

extension Study {
  /// Reads the study's run files in a process of their own; see ``ForeignRuns``.
  package func examineRuns() throws(Fault) {
    try ForeignRuns.examine(trials.map { folder.trial($0).run }.filter(Folder.exists))
  }
}
