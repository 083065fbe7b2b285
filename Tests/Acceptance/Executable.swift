import Foundation
import LineupTestSupport

/// The built command, run as a user runs it.
struct Executable {
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  /// Beside the test bundle, in the build folder.
  static let path = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "lineup").path

  static func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

  /// - Parameter place: the working folder; nil for this process's own.
  static func run(_ arguments: [String], in place: String? = nil) throws -> Outcome {
    let process = Process()
    if let place { process.currentDirectoryURL = URL(filePath: place) }
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    // Files instead of pipes: a pipe that nobody empties stops a command that prints much.
    let files = try ["output", "errors"].map { URL(fileURLWithPath: try folder.write($0, "")) }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: try String(contentsOf: files[0], encoding: .utf8),
      errors: try String(contentsOf: files[1], encoding: .utf8))
  }
}

/// An experiment file of the repository.
func experiment(_ name: String) -> String { repositoryFile("experiments/\(name).json") }

/// A tiny checkpoint of random weights: sd1, sd2, inpaint, upscale or controlnet.
func checkpoint(_ name: String) -> String { repositoryFile("Tests/Imagine/Fixtures/checkpoints/\(name)") }

private func repositoryFile(_ path: String) -> String { repositoryRoot.appending(path: path).path }
