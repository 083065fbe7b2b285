import Foundation
import LineupDatasets
import LineupFormats
import LineupSupport
import Testing

/// Statistics of what trained models draw, held against the bands of `Fixtures/sample-statistics.json`.
///
/// The bands were recorded over ten seeds. When a change is meant to move them, record them again, look at the
/// difference, and commit it with the change:
///
///     LINEUP_RECORD_STATISTICS=Tests/Families/Fixtures/sample-statistics.json make test ARGS='--filter SampleStatistics'
///
/// Recording also prints where each model that is broken on purpose lies, in units of the band's reach: within ±1 it could not
/// be told from a sound one.
@Suite(.serialized) struct SampleStatisticsTests {
  typealias Bands = [String: [String: StatisticBand]]

  static let recording = ProcessInfo.processInfo.environment["LINEUP_RECORD_STATISTICS"]
  static let recordedSeeds: ClosedRange<UInt64> = 1...10
  static var isChecking: Bool { recording == nil }

  struct BrokenStudy: CustomTestStringConvertible, Sendable {
    let study: StatisticsStudy
    let fault: StatisticsStudy.Fault
    var testDescription: String { "\(study), \(fault)" }
  }

  static let drawn = StatisticsStudy.allCases.filter { !$0.needsFashion }
  static let clothes = StatisticsStudy.allCases.filter(\.needsFashion)

  static func broken(_ studies: [StatisticsStudy]) -> [BrokenStudy] {
    studies.flatMap { study in study.faults.map { BrokenStudy(study: study, fault: $0) } }
  }

  static func bands() throws -> Bands {
    let url = Bundle.module.bundleURL.appendingPathComponent("Fixtures/sample-statistics.json")
    return try JSONDecoder().decode(Bands.self, from: Data(contentsOf: url))
  }

  /// The statistics of a model that lie outside their bands, with their place in units of the band's reach.
  static func strays(_ statistics: SampleStatistics, of study: StatisticsStudy, bands: Bands) throws -> [String: Double]
  {
    let bands = try #require(bands[study.rawValue], "no bands are recorded for \(study)")
    #expect(Set(bands.keys) == Set(statistics.values.keys), "the recorded statistics of \(study) are others")
    return bands.reduce(into: [:]) { strays, entry in
      guard let value = statistics.values[entry.key], !entry.value.contains(value) else { return }
      strays[entry.key] = entry.value.position(of: value)
    }
  }

  static func checkSound(_ study: StatisticsStudy) throws {
    let strays = try strays(study.statistics(seed: 1), of: study, bands: bands())
    #expect(strays.isEmpty, "outside their bands, which end at ±1: \(strays)")
  }

  static func checkBroken(_ broken: BrokenStudy) throws {
    let statistics = try broken.study.statistics(seed: 1, fault: broken.fault)
    let strays = try strays(statistics, of: broken.study, bands: bands())
    #expect(!strays.isEmpty, "the bands do not notice: \(statistics.values)")
  }

  @Test(.enabled(if: isChecking), arguments: drawn)
  func aSoundModelLiesInTheBands(_ study: StatisticsStudy) throws { try Self.checkSound(study) }

  @Test(.enabled(if: isChecking), arguments: broken(drawn))
  func aBrokenModelLeavesTheBands(_ broken: BrokenStudy) throws { try Self.checkBroken(broken) }

  @Test(
    .enabled(if: isChecking), .enabled(if: FashionMNIST.isInstalled(), "dataset-fashion-mnist is not installed"),
    arguments: clothes)
  func aSoundModelOfClothesLiesInTheBands(_ study: StatisticsStudy) throws { try Self.checkSound(study) }

  @Test(
    .enabled(if: isChecking), .enabled(if: FashionMNIST.isInstalled(), "dataset-fashion-mnist is not installed"),
    arguments: broken(clothes))
  func aBrokenModelOfClothesLeavesTheBands(_ broken: BrokenStudy) throws { try Self.checkBroken(broken) }

  @Test(.enabled(if: recording != nil, "set LINEUP_RECORD_STATISTICS to a file to record the bands"))
  func recordTheBands() throws {
    let path = try #require(Self.recording)
    try #require(FashionMNIST.isInstalled(), "without dataset-fashion-mnist its bands would be lost")
    var bands: Bands = [:]
    for study in StatisticsStudy.allCases {
      let seeds = try Self.recordedSeeds.map { try study.statistics(seed: $0).values }
      bands[study.rawValue] = Dictionary(
        uniqueKeysWithValues: seeds[0].keys.map { name in
          (name, StatisticBand(of: seeds.map { $0[name]! }, isCount: name == "classes"))
        })
      print("\(study)")
      for fault in study.faults {
        print("  \(fault): \(try Self.strays(study.statistics(seed: 1, fault: fault), of: study, bands: bands))")
      }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try (encoder.encode(bands) + Data("\n".utf8)).write(to: URL(fileURLWithPath: path))
  }
}
