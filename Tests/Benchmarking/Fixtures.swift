import Foundation
import LineupBenchmarking
import LineupFormats
import LineupLearning

/// The files that `Fixtures/diffusers_networks.py` wrote.
enum Fixtures {
  static func path(_ name: String) -> String {
    Bundle.module.bundleURL.appendingPathComponent("Fixtures/\(name)").path
  }

  static func tensors(_ name: String) throws -> SafetensorsFile {
    try SafetensorsFile(path: path("\(name).safetensors"))
  }
}

extension BenchmarkOptions {
  /// Training steps of a golden network on its weights and inputs.
  static func golden(_ name: String, repetitions: Int = 1, dump: String? = nil) -> BenchmarkOptions {
    var options = BenchmarkOptions(work: .step, subject: .configuration(path: Fixtures.path("\(name).json")))
    options.weightsPath = Fixtures.path("\(name)-weights.safetensors")
    options.inputsPath = Fixtures.path("\(name)-inputs.safetensors")
    (options.repetitions, options.dumpPath) = (repetitions, dump)
    return options
  }
}
