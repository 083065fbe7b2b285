import LineupDiffusion
import LineupLearning

extension SettingProblem {
  /// More sampler steps than the process has timesteps, be they the arm's own or the evaluation's, and all that the rule
  /// cannot honour.
  static func sampler(
    _ sampler: SamplerOptions, over schedule: NoiseScheduleName, timesteps: Int, _ prediction: Prediction,
    in facts: StudyFacts
  ) -> [SettingProblem] {
    var sampler = sampler
    sampler.standardSteps = facts.samplerSteps
    if let steps = sampler.steps, steps > timesteps {
      return [
        SettingProblem(
          ["sampler", "steps"], found: "\(steps) steps of \(timesteps) timesteps",
          expected: "at most the arm's timesteps")
      ]
    }
    if sampler.steps == nil, !sampler.visitsEveryTimestep, facts.samplerSteps > timesteps {
      return [
        SettingProblem(
          ["timesteps"], found: "\(timesteps) timesteps and \(facts.samplerSteps) evaluation.samplerSteps",
          expected: "at least as many timesteps, or sampler.steps of its own")
      ]
    }
    do {
      _ = try sampler.sampler(over: schedule.schedule(timesteps: timesteps), prediction: prediction)
      return []
    } catch {
      return [
        SettingProblem(["sampler"], found: "settings that do not go together", expected: "others: \(error)")
      ]
    }
  }
}
