import ArgumentParser
import LineupDiffusion
import LineupFormats
import LineupLearning
import LineupReports
import LineupStudies

struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample", abstract: "Draw new samples from a trained trial into a picture.")

  @Argument(help: "The trial's folder, RESULTS/NAME/PROFILE/runs/ARM/seed-N.")
  var trial: String

  @Option(help: "How many samples.")
  var count = 40

  @Option(help: "The seed of the samples. Default: the trial's own, which repeats the samples of its evaluation.")
  var seed: UInt64?

  @Option(help: "Which weights draw: average (the moving average; ema means the same) or raw.")
  var weights = WeightOption.average

  @Option(help: "A caption for all samples, such as \"an ankle boot\"; only for arms that take captions.")
  var prompt: String?

  @Option(help: "The scale of classifier-free guidance; 1 is none.")
  var guidance: Float = 1

  @Option(help: "Sampler steps. Default: as in the evaluation.")
  var steps: Int?

  @Option(help: "The sampler. Default: the arm's own.")
  var sampler: SamplerRule?

  @Option(help: "The picture to write.", completion: .file(extensions: ["png"]))
  var out: String

  func validate() throws {
    if !guidance.isFinite { throw ValidationError("--guidance must be a number; got \(guidance)") }
    if count < 1 { throw ValidationError("--count must be at least 1; got \(count)") }
    if let steps, steps < 1 { throw ValidationError("--steps must be at least 1; got \(steps)") }
  }

  func run() throws {
    let trained = try TrainedTrial(folder: trial)
    for problem in trained.passedOver { warn("\(problem); an older checkpoint is taken") }
    let samples = try trained.samples(
      count: count, seed: seed, weights: weights == .raw ? .raw : .average, prompt: prompt, guidance: guidance,
      steps: steps, sampler: sampler?.rawValue)
    try trained.writeSheet(samples, prompt: prompt, to: out)
    say("\(count) samples of \(trained.trial), step \(trained.step): \(out)")
  }
}

/// `ema` is another word for the average.
enum WeightOption: String, ExpressibleByArgument, CaseIterable { case average, ema, raw }

extension SamplerRule: ExpressibleByArgument {}
