import Foundation
import LineupFormats
import LineupTensors
import Testing

/// The golden files that `Fixtures/make_latent_diffusion_golden.py` writes.
enum LatentFixtures {
  static func path(_ name: String) -> String {
    Bundle.module.bundleURL.appendingPathComponent("Fixtures").appendingPathComponent(name).path
  }

  static func safetensors(_ name: String) throws -> SafetensorsFile {
    try SafetensorsFile(path: path("\(name).safetensors"))
  }
}

/// Records an issue unless all values agree within `tolerance` times the largest expected one.
func expectClose(
  _ found: Tensor, _ expected: Tensor, tolerance: Float, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(found.shape == expected.shape, sourceLocation: sourceLocation)
  guard found.shape == expected.shape else { return }
  let scale = max(expected.values.map { Swift.abs($0) }.max() ?? 0, 1e-6)
  let worst = zip(found.values, expected.values).map { Swift.abs($0 - $1) }.max() ?? 0
  #expect(worst <= tolerance * scale, sourceLocation: sourceLocation)
}
