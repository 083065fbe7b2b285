/// All that schedulers are told, with the defaults of one class of diffusers where a file is silent.
struct SchedulerSettings: Sendable {
  /// How much noise a DDPM step adds. [variance_type]
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

  let name: SchedulerName
  /// Whose settings these are, for errors.
  let path: String
  var noise: TrainedNoise
  var prediction: Prediction
  var spacing: TimestepSpacing
  /// [steps_offset]
  var offset: Int
  var bounds: CleanBounds = .none

  // Rules over ᾱ.
  /// ᾱ of what the last step leads to: 1, or ᾱ of the first timestep. [set_alpha_to_one]
  var finalAlphaBar: Float = 1
  var skipsRungeKutta = false
  var variance = Variance.small
  /// The steps of the sampler that the network was distilled from. [original_inference_steps]
  var originalSteps = 50
  var timestepScaling: Float = 10

  // Rules over σ.
  var karras = false
  var lu = false
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
}
