import Foundation
import LineupReports
import LineupStudies
import LineupTestSupport

/// A folder of experiment files that lives as long as a test.
final class ExperimentFiles {
  private let folder: TemporaryFolder

  init(_ files: [String: String]) throws {
    folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(name, text) }
  }

  func path(_ name: String) -> String { folder.file(name) }

  func resolve(
    _ name: String = "study.json", profile: String? = nil, _ settings: String...
  ) throws -> ResolvedSpecification {
    try SpecificationFile(path: path(name)).resolve(profile: profile, settings: settings.map { try Override($0) })
  }
}

/// A small study that is right, to be broken piece by piece.
let soundStudy = """
  {
    "name": "study",
    "data": { "name": "shapes" },
    "budget": { "flops": 1e10 },
    "seeds": [1, 18446744073709551615],
    "arms": {
      "zebra": { "family": "variational", "beta": 4 },
      "gan": { "family": "adversarial" },
      "pixels": { "family": "pixelDiffusion", "network": { "preset": "seed" } },
      "latents": { "family": "latentDiffusion" }
    },
    "profiles": {
      "smoke": { "budget": { "flops": 1e8 }, "seeds": [7], "arms": { "zebra": null, "gan": { "batchSize": 16 } } }
    }
  }
  """
