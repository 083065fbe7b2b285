import Foundation

/// The files beside the tests: tiny checkpoints, and what diffusers and transformers make of them.
enum Fixtures {
  /// The path of a file or folder in `Fixtures/`.
  static func path(_ name: String) -> String {
    Bundle.module.resourceURL!.appendingPathComponent("Fixtures").appendingPathComponent(name).path
  }

  /// The folder of a checkpoint that `tiny_checkpoints.py` made: sd1, sd2, inpaint, upscale or controlnet.
  static func checkpoint(_ name: String) -> String { path("checkpoints/\(name)") }
}
