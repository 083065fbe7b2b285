import Foundation
import LineupFormats
import LineupKernels
import LineupLearning
import LineupMeasurements
import LineupSupport
import LineupTensors

extension TrialWorker {
  /// Times training steps and sampling, from fresh weights. The trial's folder is not touched.
  ///
  /// Where other programs were at work meanwhile, it is done once more, and the quieter time stands.
  package func time() throws -> ArmTiming {
    let learner = try context.learner()
    let first = timeWatchingOthers(learner)
    guard let load = first.coresOfOthers, load > ArmTiming.mostAlone else { return first }
    let second = timeWatchingOthers(learner)
    return second.coresOfOthers.map { $0 < load } == true ? second : first
  }

  private func timeWatchingOthers(_ learner: any Learner) -> ArmTiming {
    let load = SystemLoad()
    // The kernel counts in hundredths of a second, and a pass may be over in fewer.
    usleep(250_000)
    var timing = time(learner)
    timing.coresOfOthers = load.coresOfOthers
    return timing
  }

  private func time<L: Learner>(_ fresh: L) -> ArmTiming {
    var learner = fresh
    let batches = BatchSource(context.data, batchSize: context.arm.options.batchSize, random: context.random)
    let count = context.specification.evaluation.timingSteps
    let first: (seconds: Double, flops: Int)? =
      learner.stages.count > 1 ? steps(of: &learner, batches: batches, progress: 0, count: count) : nil
    let main = steps(of: &learner, batches: batches, progress: 0.99, count: count)
    let sampling = Sampling(context)
    let weights = WeightChoice.raw
    let one = seconds { _ = learner.sample(sampling.request(0..<1, weights: weights)) }
    let size = context.specification.evaluation.sampleBatch
    let many = seconds { _ = learner.sample(sampling.request(0..<size, weights: weights)) }
    return ArmTiming(
      arm: context.trial.arm, specificationHash: context.resolved.sha256,
      identity: context.resolved.identity(ofArm: context.trial.arm), stepSeconds: main.seconds,
      firstStageStepSeconds: first?.seconds, imagesPerSecond: Double(context.arm.options.batchSize) / main.seconds,
      gigaflopsPerSecond: Double(main.flops) / main.seconds / 1e9, flopsPerStep: main.flops,
      samplesPerSecond: Double(size) / many, singleSampleSeconds: one, steps: count, threads: Threads.count)
  }

  /// The median seconds of some steps after three that warm up, and the operations of one.
  private func steps<L: Learner>(
    of learner: inout L, batches: BatchSource, progress: Double, count: Int
  ) -> (seconds: Double, flops: Int) {
    var times: [Double] = []
    var flops = 0
    for step in 0..<count + 3 {
      let batch = batches.batch(forStep: step)
      let before = ExecutedWork.flops
      let time = seconds {
        _ = learner.step(on: batch, progress: progress, random: context.random.split("timing").split(step))
      }
      flops = ExecutedWork.flops - before
      if step >= 3 { times.append(time) }
    }
    return (times.sorted()[times.count / 2], flops)
  }

  private func seconds(_ body: () -> Void) -> Double {
    let start = Clock.seconds
    body()
    return Clock.seconds - start
  }
}
