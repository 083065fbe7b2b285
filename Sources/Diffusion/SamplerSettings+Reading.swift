import LineupFormats
import LineupStrictJSON

extension NoiseSchedule {
  /// How β grows. [beta_schedule]
  enum Growth: String, CaseIterable {
    case linear
    case scaledLinear = "scaled_linear"
    case squaredCosine = "squaredcos_cap_v2"
    case sigmoid
  }
}

extension SamplerSettings {
  /// Reads the settings that a rule's class knows, with its defaults in diffusers 0.42; keys of other classes are left
  /// alone, since files keep them through changes of class.
  init(_ configuration: DiffusersConfiguration, as rule: SamplerRule) throws(DiffusersConfigurationError) {
    var reader = DiffusersConfigurationReader(configuration)
    self.init(
      rule, path: configuration.path, noise: reader.noise(rule.traits),
      prediction: reader.prediction(sample: rule.traits.takesCleanPredictions),
      spacing: reader.choice("timestep_spacing", default: rule.traits.usesSigmas ? .linspace : .leading))
    offset = reader.integer("steps_offset", default: 0, in: 0...noise.timesteps)
    readBounds(&reader)
    rule.read(&reader, &self)
    reader.ignore(Self.knownKeys)
    try reader.finish()
  }

  /// The defaults of the rule's class, of the keys that are its own.
  mutating func readDefaults() {
    // An object that says its class alone is known to be fit.
    let text = #"{"_class_name": "\#(rule.className)"}"#
    let bare = try! DiffusersConfiguration(parsing: Array(text.utf8), path: path)
    var reader = DiffusersConfigurationReader(
      rule.traits.demands.reduce(bare) { $0.replacing($1.key, with: $1.value) })
    rule.read(&reader, &self)
  }

  private mutating func readBounds(_ reader: inout DiffusersConfigurationReader) {
    if rule.traits.thresholds, reader.flag("thresholding", default: false) {
      let ratio = reader.number("dynamic_thresholding_ratio", default: 0.995, positive: true)
      if ratio > 1 { reader.reject("dynamic_thresholding_ratio", expected: "a number above 0 and up to 1") }
      bounds = .thresholded(
        ratio: ratio, most: reader.number("sample_max_value", default: 1, positive: true))
    } else if let clips = rule.traits.clips, reader.flag("clip_sample", default: clips) {
      bounds = .clipped(range: reader.number("clip_sample_range", default: 1, positive: true))
    }
  }

  mutating func readFinalAlphaBar(_ reader: inout DiffusersConfigurationReader, isOne: Bool) {
    finalAlphaBar = reader.flag("set_alpha_to_one", default: isOne) ? 1 : noise.alphaBars[0]
  }

  /// Keys of all rules over noise levels that know Karras's.
  mutating func readSigmas(_ reader: inout DiffusersConfigurationReader) {
    levels = reader.flag("use_karras_sigmas", default: false) ? .karras : .timesteps
    reader.demandFalse("use_exponential_sigmas", "use_beta_sigmas")
    sigmaMinimum = reader.optionalDouble("sigma_min")
    sigmaMaximum = reader.optionalDouble("sigma_max")
  }

  /// Keys of both multistep solvers.
  mutating func readMultistep(_ reader: inout DiffusersConfigurationReader) {
    readSigmas(&reader)
    reader.demandFalse("use_flow_sigmas", "use_dynamic_shifting")
    solverOrder = reader.integer("solver_order", default: 2, in: 1...3)
    lowerOrderFinal = reader.flag("lower_order_final", default: true)
    finalSigma = reader.choice("final_sigmas_type", default: .zero)
  }

  /// What diffusers' schedulers of image models know, of which each class knows some.
  static let knownKeys = [
    "algorithm_type", "beta_end", "beta_schedule", "beta_start", "clip_sample", "clip_sample_range",
    "disable_corrector", "dynamic_thresholding_ratio", "euler_at_final", "final_sigmas_type", "flow_shift",
    "interpolation_type", "lambda_min_clipped", "lower_order_final", "num_train_timesteps", "original_inference_steps",
    "predict_x0", "prediction_type", "rescale_betas_zero_snr", "rho", "sample_max_value", "set_alpha_to_one",
    "shift_terminal", "sigma_data", "sigma_max", "sigma_min", "sigma_schedule", "skip_prk_steps", "solver_order",
    "solver_p", "solver_type", "steps_offset", "thresholding", "time_shift_type", "timestep_scaling",
    "timestep_spacing", "timestep_type", "trained_betas", "use_beta_sigmas", "use_dynamic_shifting",
    "use_exponential_sigmas", "use_flow_sigmas", "use_karras_sigmas", "use_lu_lambdas", "variance_type",
  ]
}

extension DiffusersConfigurationReader {
  /// The noise process of training, rounded as torch does.
  fileprivate mutating func noise(_ traits: SamplerRule.Traits) -> NoiseSchedule {
    let noise = growingNoise(traits)
    guard traits.stretchesNoise, flag("rescale_betas_zero_snr", default: false) else { return noise }
    guard noise.alphaBars[0] > noise.alphaBars[noise.timesteps - 1] else {
      reject("rescale_betas_zero_snr", expected: "false, because so small a β leaves all of the signal")
      return noise
    }
    let stretched = noise.withZeroTerminalSignal()
    return traits.usesSigmas ? stretched.withLastSignalKept() : stretched
  }

  private mutating func growingNoise(_ traits: SamplerRule.Traits) -> NoiseSchedule {
    let timesteps = trainTimesteps()
    let (first, last) = (limit("beta_start", traits.betas.first), limit("beta_end", traits.betas.last))
    let growth = choice("beta_schedule", default: traits.betas.growth)
    if growth == .sigmoid, !traits.knowsSigmoid {
      reject("beta_schedule", expected: #""linear", "scaled_linear" or "squaredcos_cap_v2""#)
    }
    let expected = "a list of \(timesteps) numbers between 0 and 1, one for each of num_train_timesteps, or null"
    let trained = value("trained_betas", default: nil, expected: expected) { setting -> [Double]?? in
      guard setting != .null else { return .some(nil) }
      let betas = setting.elements?.compactMap(\.double).filter { $0 > 0 && $0 < 1 }
      return betas?.count == timesteps && setting.elements?.count == timesteps ? .some(betas) : nil
    }
    if let trained { return NoiseSchedule(betas: trained, rounding: .torch) }
    return switch growth {
    case .linear: .linear(timesteps: timesteps, from: first, to: last, rounding: .torch)
    case .scaledLinear: .scaledLinear(timesteps: timesteps, from: first, to: last, rounding: .torch)
    case .squaredCosine: .cosine(timesteps: timesteps, limits: 0...0.999, rounding: .torch)
    case .sigmoid: .sigmoid(timesteps: timesteps, from: first, to: last, rounding: .torch)
    }
  }

  /// A limit of β, below 1.
  private mutating func limit(_ key: String, _ standard: Double) -> Double {
    let limit = double(key, default: standard, positive: true)
    if limit >= 1 { reject(key, expected: "a number between 0 and 1") }
    return min(limit, 1)
  }

  mutating func trainTimesteps() -> Int { integer("num_train_timesteps", default: 1000, in: 2...1_000_000) }

  /// What the network predicts; whether that may be the clean sample.
  mutating func prediction(sample: Bool) -> Prediction {
    let words = Prediction.allCases.filter { sample || $0 != .x0 }.map { ($0.diffusersName, $0) }
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
}

extension Prediction {
  /// The name in a `scheduler_config.json`. [prediction_type]
  package var diffusersName: String {
    switch self {
    case .epsilon: "epsilon"
    case .v: "v_prediction"
    case .x0: "sample"
    }
  }
}
