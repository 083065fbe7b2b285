import Foundation
import LineupFormats
import LineupStudies
import LineupTestSupport

/// A study of pictures of one's own, in a folder beside its experiment file.
final class OwnPictures {
  let folder: TemporaryFolder
  var path: String { folder.file("pictures") }
  var results: String { folder.file("results") }

  /// - Parameter count: 50 give 5 images to validate and 4 to test.
  init(_ count: Int = 50, in place: String = "thing") throws {
    folder = try TemporaryFolder()
    try add(0..<count, in: place)
    try write("study.json")
  }

  func add(_ numbers: Range<Int>, in place: String = "thing") throws {
    for number in numbers { try folder.write("pictures/\(place)/\(number).png", Self.picture(number).png()) }
  }

  /// Grey noise that is another picture for each number.
  static func picture(_ number: Int) -> Picture {
    var state = UInt32(truncatingIfNeeded: number) &* 2_654_435_761 &+ 12_345
    let values = (0..<64).map { _ -> UInt8 in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
    return Picture(values, height: 8, width: 8, channels: 1)
  }

  func write(_ file: String, path: String = "pictures", arms: String = OwnPictures.arm) throws {
    try folder.write(
      file,
      """
      {
        "name": "own",
        "data": { "name": "folder", "path": "\(path)", "size": 12 },
        "budget": { "steps": 2 }, "seeds": [1],
        "evaluation": { "samples": 2, "interimSamples": 2, "marks": [], "neighbours": 1, "gridColumns": 2, "timingSteps": 1 },
        "arms": { \(arms) }
      }
      """)
  }

  static let arm = """
    "vae": { "family": "variational", "latentSize": 2, "channels": [4, 4], "hidden": 8, "batchSize": 4 }
    """

  func resolve(_ file: String = "study.json", _ settings: String...) throws -> ResolvedSpecification {
    try SpecificationFile(path: folder.file(file)).resolve(settings: settings.map { try Override($0) })
  }

  func report(_ file: String = "study.json", _ settings: String...) throws -> SpecificationReport {
    SpecificationReport(path: folder.file(file), profile: nil, settings: try settings.map { try Override($0) })
  }

  func launch(fresh: Bool = false) throws -> Study { try Study(resolve(), results: results, fresh: fresh) }

  func worker(_ study: Study) throws -> TrialWorker {
    try TrialWorker(
      study: study.folder, resolved: study.resolved, trial: study.trials[0], jobs: 1, report: { _ in },
      shouldStop: { false })
  }
}
