import Foundation
import LineupFamilies
import Testing

/// The programs in `Examples/`, built beside the tests and run as a reader runs them.
@Suite struct ExamplesTests {
  @Test(.enabled(if: FashionMNIST.isInstalled())) func aGANTrainsOnFashionMNISTAndDrawsASheet() throws {
    try inTemporaryFolder { folder in
      let file = folder.appending(path: "clothes.png")
      let run = try runExample("gan", "3", file.path)
      #expect(run.status == 0, "\(run.output)")
      #expect(run.output.contains("step 2: discriminator"))
      #expect(try Data(contentsOf: file).starts(with: pngSignature))
    }
  }

  @Test func aDiffusionModelFindsTheModesOfAMixture() throws {
    let run = try runExample("mixture", "2000")
    #expect(run.status == 0, "\(run.output)")
    let words = run.output.split(separator: "\n").last?.split(separator: " ") ?? []
    let share = try #require(words.first.flatMap { Int($0) })
    #expect(share > 700, "\(run.output)")
    #expect(run.output.contains("8 of 8 modes"), "\(run.output)")
  }

  @Test func aCheckpointDrawsAPicture() throws {
    try inTemporaryFolder { folder in
      let file = folder.appending(path: "picture.png")
      let model = repositoryFile("Tests/Imagine/Fixtures/checkpoints/sd1").path
      let run = try runExample("draw", model, "a red boot", file.path, "2")
      #expect(run.status == 0, "\(run.output)")
      #expect(run.output.contains("3 of 3"))
      #expect(try Data(contentsOf: file).starts(with: pngSignature))
    }
  }

  /// Long programs teach little.
  @Test(arguments: ["GAN/GAN.swift", "Mixture/Mixture.swift", "Draw/Draw.swift"])
  func examplesAreShort(_ file: String) throws {
    let text = try String(contentsOf: repositoryFile("Examples/\(file)"), encoding: .utf8)
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 81)
    let imports = text.split(separator: "\n").filter { $0.contains("import ") }
    #expect(imports.allSatisfy { ["import Foundation", "import LineupFamilies", "import LineupImagine"].contains($0) })
  }

  /// The README quotes the first example, word for word.
  @Test func theReadmeQuotesTheFirstExample() throws {
    let readme = try String(contentsOf: repositoryFile("README.md"), encoding: .utf8)
    let example = try String(contentsOf: repositoryFile("Examples/GAN/GAN.swift"), encoding: .utf8)
    #expect(readme.contains("```swift\n\(example)```\n"), "the README's example is not that of Examples/GAN/GAN.swift")
  }
}

/// The first eight bytes of every PNG file.
let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

/// A file or folder of the repository.
func repositoryFile(_ path: String) -> URL {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: path)
}

/// Runs an example, which the build puts beside the test bundle.
private func runExample(_ name: String, _ arguments: String...) throws -> (status: Int32, output: String) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "lineup-example-\(name)")
  process.arguments = arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  try process.run()
  let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}

/// Gives `body` a new folder and removes it afterwards.
func inTemporaryFolder(_ body: (URL) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "lineup-example-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder)
}
