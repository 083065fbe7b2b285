import LineupDiffusion
import LineupStrictJSON

/// What a `scheduler_config.json` says of the process that a model was trained on.
package struct SchedulerExport {
  package let schedule: NoiseSchedule
  package let prediction: Prediction

  package init(schedule: NoiseSchedule, prediction: Prediction) {
    (self.schedule, self.prediction) = (schedule, prediction)
  }

  /// The settings of diffusers' DDIM that takes the harness's steps: trailing timesteps, nothing clipped, and a
  /// clean picture at the end.
  ///
  /// Where the number of steps does not divide that of timesteps, diffusers' class steps to `timestep − ⌊T/steps⌋`, which
  /// then is not quite the next timestep that it asks the network at; the harness steps to that.
  package var ddim: JSONValue {
    let settings: JSONValue = [
      "_class_name": .string(SamplerRule.ddim.className),
      "num_train_timesteps": .number(JSONNumber(schedule.timesteps)),
      "prediction_type": .string(prediction.diffusersName),
      "timestep_spacing": "trailing",
      // Trailing timesteps have no offset; pipelines warn of any other number.
      "steps_offset": 1,
      "set_alpha_to_one": true,
      "clip_sample": false,
      "thresholding": false,
      "rescale_betas_zero_snr": false,
    ]
    return settings.patched(with: betas, keepingNulls: true)
  }

  /// The variances: by their ends where they grow in equal steps, one by one otherwise. A cosine is no
  /// "squaredcos_cap_v2", whose limits are others.
  private var betas: JSONValue {
    let (first, last) = (schedule.betas[0], schedule.betas[schedule.timesteps - 1])
    let line = NoiseSchedule.linear(timesteps: schedule.timesteps, from: first, to: last)
    let isLinear = zip(schedule.betas, line.betas).allSatisfy { abs($0 - $1) < 1e-9 * $1 }
    return [
      "beta_schedule": "linear",
      "beta_start": .number(JSONNumber(first)),
      "beta_end": .number(JSONNumber(last)),
      "trained_betas": isLinear ? .null : .array(schedule.betas.map { .number(JSONNumber($0)) }),
    ]
  }
}
