import Foundation
import LineupBenchmarking
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupTensors
import LineupTestSupport
import Testing

/// Training steps of networks that diffusers made give its outputs, losses and gradients.
@Suite struct DiffusersGoldenTests {
  @Test(arguments: ["unet2d", "unet2d-condition", "autoencoder-kl"])
  func stepsAgreeWithDiffusers(name: String) throws {
    let dump = TemporaryFile("dump.safetensors")
    let report = try Benchmark(.golden(name, repetitions: 3, dump: dump.path)).run()
    #expect(report.batch == 2 && report.gflop > 0 && report.minimumSeconds <= report.medianSeconds)

    let (found, expected) = try (SafetensorsFile(path: dump.path), Fixtures.tensors("\(name)-dump"))
    #expect(Set(found.entries.map(\.name)) == Set(expected.entries.map(\.name)))
    let gradients = try expected.entries.filter { $0.name.hasPrefix("grad.") }.map { try expected.tensor($0.name) }
    let largest = gradients.map(largestMagnitude).max() ?? 0
    for entry in expected.entries {
      let (ours, theirs) = try (found.tensor(entry.name), expected.tensor(entry.name))
      // Gradients that are zero but for rounding are held against the largest one. Those of networks so narrow are badly
      // conditioned: PyTorch in single precision is up to 1.5e-4 away from itself in double precision here.
      let isGradient = entry.name.hasPrefix("grad.")
      let scale = max(largestMagnitude(theirs), isGradient ? 1e-3 * largest : 0)
      let worst = zip(ours.values, theirs.values).map { abs($0 - $1) }.max() ?? .infinity
      #expect(
        ours.shape == theirs.shape && worst <= (isGradient ? 2e-4 : 1e-4) * scale, "\(entry.name): \(worst) of \(scale)"
      )
    }
  }

  private func largestMagnitude(_ tensor: Tensor) -> Float { tensor.values.map { abs($0) }.max() ?? 0 }
}
