import LineupFormats

/// All that rules are told, with the defaults of one class of diffusers where a file is silent.
package struct SamplerSettings: Sendable {
  /// How much noise a DDPM step adds; diffusers' two small ones are the same number. [variance_type]
  enum Variance: String, CaseIterable {
    case small = "fixed_small"
    case smallLogarithm = "fixed_small_log"
    case large = "fixed_large"
  }

  /// The form of a multistep solver's higher orders; the first two are DPM-Solver++'s, the others UniPC's. [solver_type]
  enum SolverForm: String, CaseIterable {
    case midpoint
    case heun
    case bh1
    case bh2
  }

  let rule: SamplerRule
  /// Whose settings these are, for errors.
  let path: String
  let noise: NoiseSchedule
  let prediction: Prediction
  var spacing: TimestepSpacing
  /// [steps_offset]
  var offset = 0
  var bounds = CleanBounds.none

  // Rules over ᾱ.
  /// The share of the ancestral sampler's noise that each step of DDIM adds.
  var eta = 0.0
  /// ᾱ of what the last step leads to: 1, or ᾱ of the first timestep. [set_alpha_to_one]
  package var finalAlphaBar = 1.0
  var skipsRungeKutta = false
  var variance = Variance.small
  /// The steps of the sampler that the network was distilled from. [original_inference_steps]
  var originalSteps = 50
  var timestepScaling = 10.0

  // Rules over σ.
  var levels = SigmaLevels.timesteps
  var sigmaMinimum: Double?
  var sigmaMaximum: Double?
  var finalSigma = SigmaTable.Final.zero
  /// Whether the timesteps of Karras levels are rounded rather than cut to whole numbers.
  var roundsTimesteps = true
  /// Whether `sigma_min` as the end means the last Karras level instead of the first timestep's.
  var endsInItsOwnMinimum = false

  // Multistep solvers.
  var solverOrder = 2
  var solverForm = SolverForm.midpoint
  /// [algorithm_type]
  var isStochastic = false
  var lowerOrderFinal = true
  var eulerAtFinal = false
  /// [predict_x0]
  var predictsClean = true
  /// The calls after which nothing is corrected. [disable_corrector]
  var uncorrectedCalls: [Int] = []

  init(
    _ rule: SamplerRule, path: String, noise: NoiseSchedule, prediction: Prediction, spacing: TimestepSpacing
  ) {
    (self.rule, self.path, self.noise) = (rule, path, noise)
    (self.prediction, self.spacing) = (prediction, spacing)
  }

  /// Makes the rule's sampler for a number of steps.
  package func sampler(steps: Int) throws(SamplerError) -> any Sampler { try rule.make(self, steps) }

  /// Throws where a number of steps is too small or larger than the number of timesteps there are to visit.
  func checkSteps(_ steps: Int, least: Int = 1, most: Int? = nil) throws(SamplerError) {
    let allowed = least...max(least, most ?? noise.timesteps)
    guard allowed.contains(steps) else { throw .steps(steps, allowed: allowed, rule: rule) }
  }

  /// The whole timesteps that rules over ᾱ visit.
  func visited(steps: Int) throws(SamplerError) -> [Int] {
    try checkSteps(steps)
    let timesteps = spacing.timesteps(steps: steps, of: noise.timesteps, offset: offset, rounding: noise.rounding)
    try check(timesteps)
    return timesteps
  }

  /// Throws where a timestep lies outside of training, or where a predicted ε would have to be found in pure noise.
  func check(_ timesteps: [Int]) throws(SamplerError) {
    let trained = 0..<noise.timesteps
    if let wrong = timesteps.first(where: { !trained.contains($0) }) {
      throw .timestep(wrong, trained: noise.timesteps, path: path)
    }
    if prediction == .epsilon, timesteps.contains(where: { noise.alphaBars[$0] == 0 }) {
      throw .undefined(
        path: path,
        reason: "rescale_betas_zero_snr begins in pure noise, where a network that predicts epsilon says nothing")
    }
  }
}
