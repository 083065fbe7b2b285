import Foundation
import LineupSupport

#if canImport(Glibc)
  internal import Glibc
#endif

/// Where results come from: an ordered list of named texts, stored under `/run/provenance`.
package struct Provenance: Sendable, Equatable {
  package struct Entry: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  package var entries: [Entry]

  package init(entries: [Entry] = []) { self.entries = entries }

  package subscript(name: String) -> String? { entries.first { $0.name == name }?.value }

  /// Environment variables that can change results or speed. Nothing else of the environment is recorded.
  static let recordedVariables = [
    "HDF5_USE_FILE_LOCKING", "LANG", "OMP_NUM_THREADS", "OPENBLAS_CORETYPE", "OPENBLAS_NUM_THREADS", "TZ",
  ]

  /// Looks at the machine, the program and the working folder's repository. What cannot be found out is `unknown`.
  ///
  /// - Parameters:
  ///   - blasCore: name of the processor core that OpenBLAS has chosen its kernels for.
  ///   - threads: threads that this process computes with.
  ///   - extra: further entries, at the end.
  package static func gather(blasCore: String, threads: Int, extra: [Entry] = []) -> Provenance {
    let information = ProcessInfo.processInfo
    let processor = processor()
    let environment = recordedVariables.compactMap { name in
      information.environment[name].map { "\(name)=\($0)" }
    }
    let git = repository()
    let entries: [(String, String)] = [
      ("started_utc", Clock.timestamp),
      ("argv", information.arguments.joined(separator: " ")),
      ("git_commit", git.commit),
      ("git_dirty", git.dirty),
      ("host", information.hostName),
      ("os", operatingSystem()),
      ("cpu", processor.model),
      ("cpu_flags", processor.flags),
      ("cores", "\(information.processorCount)"),
      ("cores_usable", "\(information.activeProcessorCount)"),
      ("memory_bytes", "\(information.physicalMemory)"),
      ("threads", "\(threads)"),
      ("compiler", compiler),
      ("hdf5", hdf5Version()),
      ("openblas_core", blasCore),
      ("environment", environment.joined(separator: " ")),
    ]
    return Provenance(entries: entries.map { Entry(name: $0.0, value: $0.1) } + extra)
  }

  private static var compiler: String {
    #if compiler(>=6.5)
      "Swift 6.5 or later"
    #elseif compiler(>=6.4)
      "Swift 6.4"
    #elseif compiler(>=6.3)
      "Swift 6.3"
    #else
      "Swift 6.2"
    #endif
  }

  /// The model, and those flags that decide which kernels run.
  private static func processor() -> (model: String, flags: String) {
    let telling: Set<Substring> = [
      "sse4_2", "f16c", "fma", "avx", "avx2", "bmi2", "avx512f", "avx512bw", "avx512vl", "avx512_bf16", "avx512_vnni",
      "amx_tile", "asimd", "asimdhp", "sve", "sve2", "bf16",
    ]
    let text = (try? WholeFile.text("/proc/cpuinfo")) ?? ""
    func field(_ names: Set<String>) -> Substring? {
      for line in text.split(separator: "\n") {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, names.contains(parts[0].trimmingCharacters(in: .whitespaces)) else { continue }
        return parts[1]
      }
      return nil
    }
    let flags = (field(["flags", "Features"]) ?? "").split(separator: " ").filter { telling.contains($0) }
    let model = (field(["model name", "CPU part"]) ?? "unknown").trimmingCharacters(in: .whitespaces)
    return (model, flags.isEmpty ? "unknown" : flags.sorted().joined(separator: " "))
  }

  private static func operatingSystem() -> String {
    let release = (try? WholeFile.text("/etc/os-release")) ?? ""
    let name = release.split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
      .map { $0.dropFirst("PRETTY_NAME=".count).trimmingCharacters(in: ["\""]) }
    let kernel = (try? WholeFile.text("/proc/sys/kernel/osrelease")) ?? ""
    return "\(name ?? "unknown"), kernel \(kernel.trimmingCharacters(in: .whitespacesAndNewlines))"
  }

  /// Commit of the working folder's repository, and whether tracked files differ from it.
  private static func repository() -> (commit: String, dirty: String) {
    guard let commit = git(["rev-parse", "HEAD"]) else { return ("unknown", "unknown") }
    guard let changes = git(["status", "--porcelain", "--untracked-files=no"]) else { return (commit, "unknown") }
    return (commit, changes.isEmpty ? "false" : "true")
  }

  private static func git(_ arguments: [String]) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    guard let program = folders.map({ "\($0)/git" }).first(where: FileManager.default.isExecutableFile) else {
      return nil
    }
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    // A look must not take the repository's lock from somebody who is committing.
    process.environment = ProcessInfo.processInfo.environment.merging(["GIT_OPTIONAL_LOCKS": "0"]) { $1 }
    guard (try? process.run()) != nil else { return nil }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  init(reading group: String, of file: RunFile) throws(Fault) {
    entries = []
    for (name, kind) in try file.members(of: group) where kind == .dataset {
      entries.append(Entry(name: name, value: try file.dataset("\(group)/\(name)").string()))
    }
  }
}
