import Foundation
import LineupEngine
import Testing

/// The examples that the products' pages quote do what the pages say.
@Suite struct WorkedExamplesTests {
  @Test func theWorkedExamplesWork() throws {
    try inTemporaryFolder { folder in
      let (line, copy) = try fitALine(file: folder.appending(path: "line.safetensors").path)
      #expect(abs(line.slope.scalar - 3) < 1e-3 && abs(line.intercept.scalar - 1) < 1e-3)
      #expect(copy.slope.scalar == line.slope.scalar)
      #expect(trainAGAN(steps: 1, batchSize: 2).shape == [16, 28, 28, 1])
      try drawAPicture(checkpoint: repositoryFile("Tests/Imagine/Fixtures/checkpoints/sd1").path, folder: folder)
      #expect(try Data(contentsOf: folder.appending(path: "lighthouse-2.png")).starts(with: pngSignature))
    }
  }
}
