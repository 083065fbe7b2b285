import LineupDiffusion
import LineupLearning

extension SettingProblem {
  /// More sampler steps than the process has timesteps, be they the arm's own or the evaluation's.
  static func samplerSteps(_ sampler: SamplerOptions, timesteps: Int, in facts: StudyFacts) -> [SettingProblem] {
    if let steps = sampler.steps {
      guard steps > timesteps else { return [] }
      return [
        SettingProblem(
          ["sampler", "steps"], found: "\(steps) steps of \(timesteps) timesteps",
          expected: "at most the arm's timesteps")
      ]
    }
    guard sampler.name == .ddim, facts.samplerSteps > timesteps else { return [] }
    return [
      SettingProblem(
        ["timesteps"], found: "\(timesteps) timesteps and \(facts.samplerSteps) evaluation.samplerSteps",
        expected: "at least as many timesteps, or sampler.steps of its own")
    ]
  }
}
