import Algorithms
import Foundation
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupRunRecords
import LineupSupport

extension TrialRecord {
  /// The record of a trial whose measurements are still to come.
  init<L: Learner>(
    _ context: TrialContext, state: TrainingState<L>, outcome: TrialOutcome, recorder: RunRecorder,
    provenance: Provenance
  ) {
    study = context.specification.name
    profile = context.resolved.profileName
    specificationHash = context.resolved.sha256
    identity = context.identity
    arm = context.trial.arm
    label = context.arm.label
    family = context.arm.family.name
    usesLabels = !state.learner.conditions.isEmpty
    seed = context.trial.seed
    self.outcome = outcome
    steps = state.step
    flops = state.flops
    imagesSeen = state.imagesSeen
    parameters = state.learner.parameterCount
    samplingParameters = state.learner.samplingParameterCount
    weights = WeightChoice.raw.rawValue
    metrics = []
    otherWeights = []
    costs = []
    lossCurves = []
    metricCurves = []
    nonFinite = outcome.kind == .failed ? 1 : 0
    clipped = state.clipped
    skipped = state.skipped
    resumes = recorder.resumes
    dataHash = context.data.hash
    self.provenance = Dictionary(
      provenance.entries.map { ($0.name, $0.value.escapingControls()) }.filter {
        Self.publishedProvenance.contains($0.0)
      },
      uniquingKeysWith: { first, _ in first })
  }

  /// What of the provenance is published: facts about the machine's kind, not its name or paths.
  private static let publishedProvenance: Set<String> = [
    "git_commit", "git_dirty", "os", "cpu", "cores", "threads", "compiler", "hdf5", "openblas_core", "started_utc",
  ]

  /// Reads the curves from the run file, thinned so that the record stays small.
  mutating func addCurves(from path: String, plan: TrainingPlan) throws {
    let reader = try RunReader(path: path)
    lossCurves = try Self.curves(of: .train, in: reader, plan: plan, points: 120) {
      $0.hasPrefix("loss/") || $0.hasPrefix("grad_norm/") || $0 == "lr"
    }
    evaluatedMarks = try Self.evaluatedMarks(in: reader, plan: plan)
    metricCurves = try Self.curves(of: .evaluation, in: reader, plan: plan, points: 40) {
      $0 != "step" && $0 != "flops"
    }
  }

  /// The marks of a plan that have a row. A mark that a study gained after a trial had passed it has none.
  private static func evaluatedMarks(in reader: RunReader, plan: TrainingPlan) throws -> [Double] {
    let (steps, flops) = (try reader.steps(of: .evaluation), try reader.integers("flops", of: .evaluation))
    let places = zip(steps, flops).map { (step: $0, flops: $1, progress: plan.progress(step: $0, flops: $1)) }
    return plan.evaluationMarks.filter { mark in
      places.contains { place in
        guard place.progress >= mark, place.step > 0 else { return false }
        // The first step at or behind the mark is evaluated; no two steps are further apart than that many.
        let step = plan.progress(step: 1, flops: place.flops / place.step)
        return place.progress - mark < 2 * step
      }
    }
  }

  private static func curves(
    of series: RunSeries, in reader: RunReader, plan: TrainingPlan, points: Int, where wanted: (String) -> Bool
  ) throws -> [RecordedCurve] {
    let steps = try reader.steps(of: series)
    let flops = try reader.integers("flops", of: series)
    let count = min(steps.count, flops.count)
    guard count > 0 else { return [] }
    // Each point is the mean of a stretch, so that a thinned curve shows the level and not one noisy step.
    let width = max(1, (count + points - 1) / points)
    let stretches = (0..<count).chunks(ofCount: width)
    return try reader.columnNames(of: series).filter(wanted).map { name in
      let values = try reader.column(name, of: series)
      var curve = RecordedCurve(name: name, progress: [], values: [])
      for stretch in stretches {
        let present = stretch.map { values[$0] }.filter { !$0.isNaN }
        guard !present.isEmpty else { continue }
        let last = stretch.upperBound - 1
        curve.progress.append(rounded(plan.progress(step: steps[last], flops: flops[last]), digits: 5))
        curve.values.append(rounded(present.reduce(0, +) / Double(present.count), digits: 6))
      }
      return curve
    }
  }

  /// A number with so many significant digits: records are for reading, `run.h5` is for computing.
  private static func rounded(_ value: Double, digits: Int) -> Double {
    guard value.isFinite, value != 0 else { return value }
    return Double(NumberText.significant(value, digits: digits)) ?? value
  }
}
