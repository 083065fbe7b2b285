import LineupFormats
import LineupStrictJSON

extension SchedulerSettings {
  /// Reads the settings that a class knows, with its defaults in diffusers 0.42; keys of other classes are left alone, since
  /// files keep them through changes of class.
  init(
    _ configuration: DiffusersConfiguration, as name: SchedulerName
  ) throws(DiffusersConfigurationError) {
    var reader = DiffusersConfigurationReader(configuration)
    let distilled = name == .lcm || name == .heun
    var betas = reader.betas(
      limits: distilled ? (0.00085, 0.012) : (0.0001, 0.02), growth: name == .lcm ? .scaledLinear : .linear,
      sigmoid: name == .ddpm)
    let stretches = ![.pndm, .heun].contains(name) && reader.flag("rescale_betas_zero_snr", default: false)
    if stretches { betas = TrainedNoise.withZeroTerminalSignal(betas) }
    let usesSigmas = [.euler, .eulerAncestral, .heun, .dpmSolver, .dpmSolverSDE, .unipc].contains(name)

    self.name = name
    path = configuration.path
    noise = TrainedNoise(betas: betas)
    if stretches, usesSigmas { noise.keepLastSignal() }
    prediction = reader.prediction(sample: ![.pndm, .eulerAncestral].contains(name))
    spacing = reader.choice("timestep_spacing", default: usesSigmas ? .linspace : .leading)
    offset = reader.integer("steps_offset", default: 0, in: 0...noise.timesteps)
    readBounds(&reader)
    switch name {
    case .ddim: readFinalAlphaBar(&reader, isOne: true)
    case .ddpm: readVariance(&reader)
    case .pndm:
      readFinalAlphaBar(&reader, isOne: false)
      skipsRungeKutta = reader.flag("skip_prk_steps", default: false)
    case .euler:
      readSigmas(&reader)
      reader.demand("interpolation_type", text: "linear")
      reader.demand("timestep_type", text: "discrete")
      finalSigma = reader.choice("final_sigmas_type", default: .zero)
    case .eulerAncestral: break
    case .heun: readSigmas(&reader)
    case .dpmSolver, .dpmSolverSDE: readDPMSolver(&reader, configuration)
    case .unipc: readUniPC(&reader)
    case .lcm:
      originalSteps = reader.integer("original_inference_steps", default: 50, in: 1...noise.timesteps)
      timestepScaling = reader.number("timestep_scaling", default: 10)
    }
    reader.ignore(Self.knownKeys)
    try reader.finish()
  }

  private mutating func readBounds(_ reader: inout DiffusersConfigurationReader) {
    let thresholds = [.ddim, .ddpm, .dpmSolver, .dpmSolverSDE, .unipc, .lcm].contains(name)
    let clips = [.ddim, .ddpm, .heun, .lcm].contains(name)
    if thresholds, reader.flag("thresholding", default: false) {
      let ratio = reader.number("dynamic_thresholding_ratio", default: 0.995, positive: true)
      if ratio > 1 { reader.reject("dynamic_thresholding_ratio", expected: "a number above 0 and up to 1") }
      bounds = .thresholded(
        ratio: ratio, most: reader.number("sample_max_value", default: 1, positive: true))
    } else if clips, reader.flag("clip_sample", default: name == .ddim || name == .ddpm) {
      bounds = .clipped(range: reader.number("clip_sample_range", default: 1, positive: true))
    }
  }

  private mutating func readFinalAlphaBar(_ reader: inout DiffusersConfigurationReader, isOne: Bool) {
    finalAlphaBar = reader.flag("set_alpha_to_one", default: isOne) ? 1 : noise.alphaBars[0]
  }

  private mutating func readVariance(_ reader: inout DiffusersConfigurationReader) {
    // Null is what DPM-Solver's files say, and a DDPM scheduler then takes the small variance.
    variance = reader.optionalChoice("variance_type", default: .small) ?? .small
  }

  /// Keys of all rules over noise levels that know Karras's.
  private mutating func readSigmas(_ reader: inout DiffusersConfigurationReader) {
    karras = reader.flag("use_karras_sigmas", default: false)
    reader.demandFalse("use_exponential_sigmas", "use_beta_sigmas")
    sigmaMinimum = reader.optionalDouble("sigma_min")
    sigmaMaximum = reader.optionalDouble("sigma_max")
  }

  /// Keys of both multistep solvers.
  private mutating func readMultistep(_ reader: inout DiffusersConfigurationReader) {
    readSigmas(&reader)
    reader.demandFalse("use_flow_sigmas", "use_dynamic_shifting")
    solverOrder = reader.integer("solver_order", default: 2, in: 1...3)
    lowerOrderFinal = reader.flag("lower_order_final", default: true)
    finalSigma = reader.choice("final_sigmas_type", default: .zero)
  }

  private mutating func readDPMSolver(
    _ reader: inout DiffusersConfigurationReader, _ configuration: DiffusersConfiguration
  ) {
    readMultistep(&reader)
    lu = reader.flag("use_lu_lambdas", default: false)
    // Rounding depends on the name of the growth alone, whatever trained_betas says.
    roundsTimesteps = configuration["beta_schedule"]?.text != TrainedNoise.Growth.squaredCosine.rawValue
    isStochastic = reader.stochastic()
    // The words of UniPC and of DEIS stand for the default.
    let form = reader.value(
      "solver_type", default: "midpoint", expected: #""midpoint" or "heun""#
    ) { ["midpoint", "heun", "bh1", "bh2", "logrho"].contains($0.text ?? "") ? $0.text : nil }
    solverForm = form == "heun" ? .heun : .midpoint
    eulerAtFinal = reader.flag("euler_at_final", default: false)
    _ = reader.value("lambda_min_clipped", default: 0, expected: "-Infinity, the only value that is supported") {
      $0.double.flatMap { $0 <= -1e300 ? $0 : nil }
    }
    _ = reader.value("variance_type", default: "", expected: "a variance that is not learned, or null") {
      ["learned", "learned_range"].contains($0.text ?? "") ? nil : ""
    }
  }

  private mutating func readUniPC(_ reader: inout DiffusersConfigurationReader) {
    readMultistep(&reader)
    reader.demandNull("solver_p", "shift_terminal")
    endsInItsOwnMinimum = true
    let form = reader.value(
      "solver_type", default: "bh2", expected: #""bh1" or "bh2""#
    ) { ["bh1", "bh2", "midpoint", "heun", "logrho"].contains($0.text ?? "") ? $0.text : nil }
    solverForm = form == "bh1" ? .bh1 : .bh2
    predictsClean = reader.flag("predict_x0", default: true)
    uncorrectedCalls = reader.value("disable_corrector", default: [], expected: "a list of whole numbers from 0") {
      let calls = $0.elements?.compactMap(\.integer)
      return calls?.count == $0.elements?.count && calls?.allSatisfy { $0 >= 0 } == true ? calls : nil
    }
  }

  /// What diffusers' schedulers of image models know, of which each class knows some.
  private static let knownKeys = [
    "algorithm_type", "beta_end", "beta_schedule", "beta_start", "clip_sample", "clip_sample_range",
    "disable_corrector",
    "dynamic_thresholding_ratio", "euler_at_final", "final_sigmas_type", "flow_shift", "interpolation_type",
    "lambda_min_clipped", "lower_order_final", "num_train_timesteps", "original_inference_steps", "predict_x0",
    "prediction_type", "rescale_betas_zero_snr", "rho", "sample_max_value", "set_alpha_to_one", "shift_terminal",
    "sigma_data", "sigma_max", "sigma_min", "sigma_schedule", "skip_prk_steps", "solver_order", "solver_p",
    "solver_type",
    "steps_offset", "thresholding", "time_shift_type", "timestep_scaling", "timestep_spacing", "timestep_type",
    "trained_betas", "use_beta_sigmas", "use_dynamic_shifting", "use_exponential_sigmas", "use_flow_sigmas",
    "use_karras_sigmas", "use_lu_lambdas", "variance_type",
  ]
}

extension DiffusersConfigurationReader {
  /// β of each timestep of training.
  fileprivate mutating func betas(
    limits: (first: Double, last: Double), growth: TrainedNoise.Growth, sigmoid: Bool
  ) -> [Float] {
    let timesteps = trainTimesteps()
    let first = double("beta_start", default: limits.first, positive: true)
    let last = double("beta_end", default: limits.last, positive: true)
    if first >= 1 { reject("beta_start", expected: "a number between 0 and 1") }
    if last >= 1 { reject("beta_end", expected: "a number between 0 and 1") }
    let growth = choice("beta_schedule", default: growth)
    if growth == .sigmoid, !sigmoid {
      reject("beta_schedule", expected: #""linear", "scaled_linear" or "squaredcos_cap_v2""#)
    }
    let expected = "a list of \(timesteps) numbers between 0 and 1, one for each of num_train_timesteps, or null"
    let trained = value("trained_betas", default: nil, expected: expected) { setting -> [Float]?? in
      guard setting != .null else { return .some(nil) }
      let betas = setting.elements?.compactMap(\.double).filter { $0 > 0 && $0 < 1 }
      return betas?.count == timesteps && setting.elements?.count == timesteps ? .some(betas?.map(Float.init)) : nil
    }
    return trained ?? TrainedNoise.betas(growth, from: min(first, 1), to: min(last, 1), timesteps: timesteps)
  }

  mutating func trainTimesteps() -> Int { integer("num_train_timesteps", default: 1000, in: 2...1_000_000) }

  /// What the network predicts; whether that may be the clean sample.
  mutating func prediction(sample: Bool) -> Prediction {
    let words = [("epsilon", Prediction.epsilon), ("v_prediction", .v)] + (sample ? [("sample", .x0)] : [])
    let expected = words.dropLast().map { "\"\($0.0)\"" }.joined(separator: ", ") + " or \"\(words.last!.0)\""
    return value("prediction_type", default: .epsilon, expected: expected) { setting in
      words.first { $0.0 == setting.text }?.1
    }
  }

  fileprivate mutating func optionalDouble(_ key: String) -> Double? {
    value(key, default: nil, expected: "a number above 0, or null") { setting -> Double?? in
      setting == .null ? .some(nil) : setting.double.flatMap { $0 > 0 ? .some($0) : nil }
    }
  }

  /// Whether DPM-Solver++ is to add noise. DEIS's word stands for the deterministic one.
  fileprivate mutating func stochastic() -> Bool {
    value("algorithm_type", default: false, expected: #""dpmsolver++" or "sde-dpmsolver++""#) { setting in
      switch setting.text {
      case "dpmsolver++", "deis": false
      case "sde-dpmsolver++": true
      default: nil
      }
    }
  }
}
