import LineupFormats
import LineupKernels
import LineupLearning
import LineupNetworks
import LineupSupport
import LineupTensors

/// What one trial of an arm would take on this machine, from a few of its steps.
package struct ArmEstimate: Sendable, Codable {
  package var arm: String
  package var parameters: Int
  package var flopsPerStep: Int
  package var secondsPerStep: Double
  /// Steps and seconds of training until the budget is used.
  package var steps: Int
  package var trainingSeconds: Double
  /// The two checkpoints that are kept, the series and the final samples.
  package var diskBytes: Int
  /// The most memory that three steps took: weights, optimizer, what is kept for derivatives,
  /// data and program. Drawing and measuring samples can take more.
  package var memoryBytes: Int

  /// Runs three steps of every arm, on one thread.
  ///
  /// - Throws: when the data cannot be had or an arm does not fit them.
  package static func all(of resolved: ResolvedSpecification) throws -> [ArmEstimate] {
    let specification = resolved.specification
    let data = try resolved.loadData()
    let random = RandomStream(seed: specification.seeds[0])
    return try specification.arms.map { arm in
      // What an earlier arm used is not this one's.
      BufferPool.shared.releaseIdle()
      BufferPool.shared.resetPeak()
      let learner = try arm.learner(data.context(specification, random: random.split("init")))
      return estimate(
        learner, arm: arm, specification, BatchSource(data, batchSize: arm.options.batchSize, random: random), data)
    }
  }

  private static func estimate<L: Learner>(
    _ fresh: L, arm: Arm, _ specification: Specification, _ batches: BatchSource, _ data: TrialData
  ) -> ArmEstimate {
    var learner = fresh
    var cost = (seconds: 0.0, flops: 0)
    // The first step fills the buffer pool; the last one, late in the budget, is a second stage's where there is one.
    for step in 0..<3 {
      let batch = batches.batch(forStep: step)
      let (work, start) = (ExecutedWork.flops, Clock.seconds)
      _ = learner.step(on: batch, progress: 0.99, random: RandomStream(seed: 0).split(step))
      cost = (Clock.seconds - start, ExecutedWork.flops - work)
    }
    // Buffers that are live take memory of the process too; all else that it holds is data and program.
    let pool = BufferPool.shared.counters
    let others = max(0, ProcessUsage.residentBytes - pool.liveBytes - pool.idleBytes)
    let limits = [
      specification.budget.flops.map { Int(($0 / Double(max(cost.flops, 1))).rounded(.up)) },
      specification.budget.steps,
    ]
    let steps = limits.compactMap { $0 }.min() ?? 0
    let state = learner.tensors.reduce(0) { $0 + $1.value.count * 4 }
    let samples = specification.evaluation.samples * data.sampleShape.reduce(1, *)
    return ArmEstimate(
      arm: arm.name, parameters: learner.parameterCount, flopsPerStep: cost.flops, secondsPerStep: cost.seconds,
      steps: steps, trainingSeconds: Double(steps) * cost.seconds, diskBytes: 2 * state + samples + 200 * steps,
      memoryBytes: pool.peakBytes + others)
  }
}
