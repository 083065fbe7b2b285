import Foundation
import LineupDatasets
import LineupDiffusion
import LineupFamilies
import LineupLearning
import LineupNetworks
import LineupStrictJSON
import LineupTensors
import LineupTestSupport
import Testing

/// What holds for every family of the list.
@Suite struct FamilyListTests {
  /// Options of a family as small as its record allows, and a learner of them on images of 8×8.
  private static func learner(
    _ family: Family, shape: [Int] = [8, 8, 1]
  ) throws -> (options: any FamilyOptions, learner: any Learner) {
    let options = try family.options(defaults(family.record))
    let facts = StudyFacts(
      name: "made up", kind: shape.count == 1 ? .points : .images, sampleShape: shape, hasCaptions: shape.count == 3)
    let context = LearnerContext(facts: facts, captions: ["a dot", "a line"], random: RandomStream(seed: 1))
    return (options, try family.learner(options, context))
  }

  /// The object that a file without members stands for.
  private static func defaults(_ record: Record) -> JSONValue {
    var reader = SchemaReader(JSONDocument(value: [:]))
    let value = reader.read(as: .record(record))
    #expect(reader.issues.isEmpty, "\(reader.issues)")
    return value
  }

  @Test func namesAreUniqueAndFound() {
    #expect(Set(Family.all.map(\.name)).count == Family.all.count)
    for family in Family.all { #expect(Family.named(family.name)?.name == family.name) }
    #expect(Family.named("nothing") == nil)
  }

  /// The marks of tables come from the family before there is a learner, and from the learner afterwards.
  @Test func whatALearnerIsToldIsWhatItsFamilySays() throws {
    for family in Family.all {
      let (options, learner) = try Self.learner(family)
      #expect(learner.conditions == family.conditions(options), "\(family.name)")
      #expect(learner.stages.first?.start == 0, "\(family.name)")
    }
  }

  /// Every step reports exactly the losses and networks that its learner promises, in every stage.
  @Test func everyLearnerReportsWhatItPromises() throws {
    var random = RandomStream(seed: 2)
    let images = random.normal([2, 8, 8, 1]).clamped(to: -1...1)
    for family in Family.all {
      var learner = try Self.learner(family).learner
      for progress in [0, 0.29, 0.99] {
        let report = learner.step(
          on: Batch(images: images, labels: [0, 1], captions: ["a dot", "a line"]), progress: progress,
          random: RandomStream(seed: 3))
        let problem = report.problem(for: learner)
        #expect(problem == nil, "\(family.name): \(problem ?? "")")
        #expect(report.isFinite && !report.updates.isEmpty, "\(family.name)")
      }
    }
  }

  @Test func reportsThatBreakTheirPromiseAreNamed() throws {
    let learner = try Self.learner(.variational).learner
    let whole = Losses(absent: learner.lossNames)
    func problem(_ losses: Losses, _ networks: [String]) -> String? {
      let update = Update(norm: 1, learningRate: 1)
      return StepReport(
        losses: losses, updates: Dictionary(uniqueKeysWithValues: networks.map { ($0, update) }), learningRate: 1
      ).problem(for: learner)
    }
    #expect(problem(whole, learner.networkNames) == nil)
    #expect(problem(["loss": .finite(1)], [])?.contains("nll") == true)
    #expect(problem(whole.and(["made-up": .absent]), [])?.contains("made-up") == true)
    #expect(problem(whole, ["made-up"])?.contains("made-up") == true)
  }

  /// A family's name is written in its own folder and nowhere else.
  @Test func noOtherFolderNamesAFamily() throws {
    let sources = repositoryRoot.appending(path: "Sources")
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    var read = 0
    for case let file as URL in files where file.pathExtension == "swift" && !file.path.contains("/Families/") {
      let text = try String(contentsOf: file, encoding: .utf8)
      read += 1
      for family in Family.all { #expect(!text.contains("\"\(family.name)\""), "\(file.path) names \(family.name)") }
    }
    #expect(read > 300)
  }

  /// Points are for the families that say so; the others name what they take.
  @Test func pointsAreLearnedByThoseThatTakeThem() throws {
    for family in Family.all {
      if family.dataKinds.contains(.points) {
        _ = try Self.learner(family, shape: [2])
      } else {
        #expect(throws: SettingProblem.self) { try Self.learner(family, shape: [2]) }
      }
    }
  }

  /// A VAE on points learns where they lie: its samples come nearer to the ring than untrained ones.
  @Test func aVAELearnsTheRing() {
    var options = VariationalOptions()
    (options.hidden, options.latentSize, options.learningRate, options.average) = (64, 2, 3e-3, 0)
    let ring = PointMixture.ring(radius: 1, deviation: 0.05)
    var learner = VariationalLearner(options: options, sampleShape: [2], random: RandomStream(seed: 1))
    func distance() -> Double {
      let samples = learner.sample(SampleRequest(count: 200, random: RandomStream(seed: 2))).images.values
      return (0..<200).map { sample in
        let radius = (samples[2 * sample] * samples[2 * sample] + samples[2 * sample + 1] * samples[2 * sample + 1])
          .squareRoot()
        return Double(abs(radius - 1))
      }.reduce(0, +) / 200
    }
    let before = distance()
    for step in 0..<600 {
      let points = ring.points(count: 64, random: RandomStream(seed: 3).split(step))
      _ = learner.step(
        on: Batch(images: Tensor(points.points, shape: [64, 2])), progress: Double(step) / 600,
        random: RandomStream(seed: 4).split(step))
    }
    let after = distance()
    #expect(after < 0.35 && after < 0.6 * before, "from \(before) to \(after)")
  }
}

/// A loss that is not finite, an absent one and a number are three things.
@Suite struct LossesTests {
  @Test func theThreeAreToldApart() {
    let losses: Losses = ["number": .init(2), "absent": .init(nil as Double?), "diverged": .init(Double.nan)]
    #expect(losses.names == ["number", "absent", "diverged"])
    #expect(losses.number("number") == 2 && losses["absent"] == .absent && losses["diverged"] == .diverged)
    #expect(losses["unknown"] == nil && losses.number("diverged") == nil)
    #expect(!losses.isFinite)
    #expect((["number": .init(Tensor(2)), "absent": .absent] as Losses).isFinite)
    #expect(Losses.Value(Tensor(Float.infinity)) == .diverged)
  }

  /// Series keep NaN for what was not computed and infinity for what diverged.
  @Test func seriesKeepTheDifference() {
    let report = StepReport(
      losses: ["a": .init(Double.nan), "b": .absent, "c": .finite(3)], updates: ["n": Update(norm: 1, learningRate: 1)],
      learningRate: 1)
    let recorded = report.recordedLosses(["c", "b", "a"])
    #expect(recorded.map(\.name) == ["c", "b", "a"] && recorded[0].value == 3)
    #expect(recorded[1].value.isNaN && recorded[2].value == .infinity)
    #expect(report.recordedNorms(["n"])[0].value == 1 && report.recordedNorms(["m"])[0].value.isNaN)
  }
}
