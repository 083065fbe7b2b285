import Foundation
import LineupDiffusion
import LineupFormats
import LineupTensors
import Testing

@Suite struct SchedulerConfigurationTests {
  private func read(_ text: String) throws -> SchedulerConfiguration {
    try SchedulerConfiguration(parsing: Array(text.utf8), path: "scheduler_config.json")
  }

  private func problems(_ text: String, as name: SamplerRule? = nil) -> String {
    do {
      _ = try read(text).sampler(named: name, steps: 4)
      return "none"
    } catch { return "\(error)" }
  }

  @Test func namesAllThatDoesNotFit() {
    let found = problems(
      """
      {"_class_name": "UniPCMultistepScheduler",
       "beta_strat": 0.1, "solver_type": "rk4", "use_flow_sigmas": true,
       "prediction_type": "flow_prediction"}
      """)
    for part in [
      "scheduler_config.json:2:2: beta_strat: found 0.1, expected no such key in a UniPCMultistepScheduler",
      #"solver_type: found "rk4", expected "bh1" or "bh2""#, "use_flow_sigmas: found true, expected false",
      #"prediction_type: found "flow_prediction", expected "epsilon", "v_prediction" or "sample""#,
    ] { #expect(found.contains(part), "\(found)") }
  }

  @Test(arguments: [
    (#""EulerDiscreteScheduler", "use_exponential_sigmas": true"#, "use_exponential_sigmas"),
    (#""HeunDiscreteScheduler", "use_beta_sigmas": true"#, "use_beta_sigmas"),
    (#""DPMSolverMultistepScheduler", "algorithm_type": "dpmsolver""#, "algorithm_type"),
    (#""PNDMScheduler", "prediction_type": "sample""#, "prediction_type"),
    (#""DDPMScheduler", "variance_type": "learned_range""#, "variance_type"),
    (#""DDIMScheduler", "beta_schedule": "sigmoid""#, "beta_schedule"),
    (#""DDIMScheduler", "trained_betas": [0.1, 0.2]"#, "trained_betas"),
    (#""EulerDiscreteScheduler", "timestep_type": "continuous""#, "timestep_type"),
  ]) func refusesWhatItCannotHonour(settings: String, key: String) {
    #expect(problems(#"{"_class_name": \#(settings)}"#).contains(key))
  }

  @Test func leavesKeysOfOtherClassesAlone() throws {
    // A misfit that another class would mind is none for this one.
    #expect(problems(#"{"_class_name": "DDIMScheduler", "use_beta_sigmas": true, "solver_type": 3}"#) == "none")
    #expect(
      problems(#"{"_class_name": "DDIMScheduler", "use_beta_sigmas": true}"#, as: .euler).contains("use_beta_sigmas"))
    // A file of a class that is none of ours serves where another is chosen.
    let foreign = try read(#"{"_class_name": "LMSDiscreteScheduler", "beta_schedule": "scaled_linear"}"#)
    #expect(foreign.rule == nil)
    #expect(throws: SamplerError.self) { try foreign.sampler(steps: 4) }
    #expect(try foreign.sampler(named: .euler, steps: 4).timesteps.count == 4)
  }

  @Test func readsTheInfinityThatDiffusersWrites() throws {
    let text = #"{"_class_name": "DPMSolverMultistepScheduler", "lambda_min_clipped": -Infinity, "x\"-Infinity": 1}"#
    let found = problems(text)
    #expect(found.contains(#"x"-Infinity: found 1"#) && !found.contains("lambda_min_clipped"), "\(found)")
    #expect(problems(#"{"_class_name": "DPMSolverMultistepScheduler", "lambda_min_clipped": -5.1}"#).contains("-5.1"))
  }

  @Test func refusesStepsThatLeadNowhere() throws {
    let configuration = SchedulerConfiguration.stableDiffusion()
    #expect(throws: SamplerError.steps(0, allowed: 1...1000, rule: .pndm)) {
      try configuration.sampler(steps: 0)
    }
    #expect(throws: SamplerError.steps(1001, allowed: 1...1000, rule: .euler)) {
      try configuration.sampler(named: .euler, steps: 1001)
    }
    #expect(throws: SamplerError.steps(51, allowed: 1...50, rule: .lcm)) {
      try configuration.sampler(named: .lcm, steps: 51)
    }
    // With an offset of 1 the first of 1000 leading timesteps is 1000, one more than there are.
    #expect(throws: SamplerError.timestep(1000, trained: 1000, path: "the settings of Stable Diffusion")) {
      try configuration.sampler(named: .ddim, steps: 1000)
    }
    #expect(problems(#"{"_class_name": "PNDMScheduler"}"#) == "none")
    #expect(throws: SamplerError.steps(3, allowed: 4...1000, rule: .pndm)) {
      try read(#"{"_class_name": "PNDMScheduler"}"#).sampler(steps: 3)
    }
  }

  @Test func refusesKarrasLevelsWhereThereAreNone() throws {
    for name in SamplerRule.allCases {
      let make = { try SchedulerConfiguration.stableDiffusion().sampler(named: name, steps: 5, karras: true) }
      if name.takesKarras {
        let karras = try make().timesteps
        let plain = try SchedulerConfiguration.stableDiffusion().sampler(named: name, steps: 5, karras: false)
          .timesteps
        #expect(karras != plain)
      } else {
        #expect(throws: SamplerError.without(.karras, name)) { try make() }
      }
    }
  }

  @Test func refusesWhatHasNoFiniteResult() {
    let zero = #"{"_class_name": "DDIMScheduler", "rescale_betas_zero_snr": true, "timestep_spacing": "trailing"}"#
    #expect(problems(zero).contains("pure noise"))
    let unipc = #"{"_class_name": "UniPCMultistepScheduler", "predict_x0": false}"#
    #expect(problems(unipc).contains("predict_x0"))
  }

  @Test func correctsOldFilesAsPipelinesDo() throws {
    let old = try read(#"{"_class_name": "DDIMScheduler", "beta_schedule": "scaled_linear", "steps_offset": 0}"#)
    #expect(try old.sampler(steps: 4).timesteps == [750, 500, 250, 0])
    let corrected = old.correctedForPipeline()
    #expect(try corrected.sampler(steps: 4).timesteps == [751, 501, 251, 1])
    #expect(try corrected.sampler(named: .ddpm, steps: 4).timesteps == [751, 501, 251, 1])
    // An output of −9 at a first sample of 1 is clipped by the old file alone.
    let end = { (configuration: SchedulerConfiguration) in
      var sampler = try configuration.sampler(steps: 1)
      return sampler.step(Tensor([-9], shape: [1, 1, 1, 1]), from: Tensor([1], shape: [1, 1, 1, 1]), call: 0) {
        Tensor(0)
      }
    }
    #expect(try end(old).scalar == 1)
    #expect(try end(corrected).scalar > 1.1)
    let bare = try read(#"{"_class_name": "DDIMScheduler"}"#).correctedForPipeline()
    #expect(try bare.sampler(steps: 4).timesteps == [751, 501, 251, 1])
    #expect(try bare.sampler(named: .ddpm, steps: 4).timesteps == [750, 500, 250, 0])
    // Four calls of Runge and Kutta's rule for each of three steps, unless a pipeline for inpainting skips them.
    let pndm = try read(#"{"_class_name": "PNDMScheduler"}"#)
    #expect(try pndm.correctedForPipeline().sampler(steps: 5).timesteps.count == 14)
    #expect(try pndm.correctedForPipeline(inpainting: true).sampler(steps: 5).timesteps.count == 6)
  }

  @Test func noisesCleanSamplesAsTrainingDoes() throws {
    let (clean, noise) = (Tensor([1], shape: [1, 1, 1, 1]), Tensor([0], shape: [1, 1, 1, 1]))
    let configuration = SchedulerConfiguration.stableDiffusion()
    // ᾱ of Stable Diffusion, and with nothing left of the signal at the end.
    for (timestep, alphaBar) in [(0, 0.99915), (250, 0.673792625), (500, 0.276332684), (999, 0.00466009851)] {
      let kept = try configuration.noised(clean, noise: noise, timestep: timestep).scalar
      #expect((Double(kept * kept) - alphaBar).magnitude < 1e-6 * alphaBar)
    }
    let added = try configuration.noised(noise, noise: clean, timestep: 250).scalar
    #expect((added * added - (1 - 0.673792625)).magnitude < 1e-6)
    let zero = try read(
      """
      {"_class_name": "DDIMScheduler", "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear",
       "prediction_type": "v_prediction", "rescale_betas_zero_snr": true}
      """)
    for (timestep, alphaBar) in [(0, 0.99915), (250, 0.652457), (750, 0.032799), (999, 0)] {
      let kept = try zero.noised(clean, noise: noise, timestep: timestep).scalar
      #expect((Double(kept * kept) - alphaBar).magnitude < 1e-6)
    }
  }
}
