import LineupFormats
import LineupStrictJSON
import LineupSupport
import LineupTensors

/// A `scheduler_config.json`: how the network was trained, and the sampler that its authors chose, which others can
/// replace.
///
/// Another class of scheduler takes the file's keys that it knows and its own defaults for the rest, as diffusers'
/// `from_config` does with the configuration of a loaded scheduler.
public struct SchedulerConfiguration: Sendable {
  private var configuration: DiffusersConfiguration
  /// What a pipeline puts right in the scheduler that it was loaded with.
  private var corrections: [String: JSONValue] = [:]

  /// What the network predicts. [prediction_type]
  package private(set) var predictionType: Prediction
  /// The number of timesteps of training. [num_train_timesteps]
  package let trainTimesteps: Int

  /// Reads a file. Throws a `DiffusersConfigurationError` where it cannot be read or is no JSON. The settings are judged
  /// when a scheduler is made, because what does not fit the file's own class may fit another.
  package init(path: String) throws(DiffusersConfigurationError) {
    let bytes: [UInt8]
    do {
      bytes = try WholeFile.read(path)
    } catch {
      let missing = error.kind == .missing ? "there is no such file" : nil
      throw .unreadable(path: path, reason: missing ?? error.cause ?? error.found ?? "\(error)")
    }
    try self.init(parsing: bytes, path: path)
  }

  /// Reads the bytes of a file; `path` goes into errors.
  package init(parsing bytes: [UInt8], path: String) throws(DiffusersConfigurationError) {
    configuration = try DiffusersConfiguration(parsing: Self.withFiniteNumbers(bytes), path: path)
    var reader = DiffusersConfigurationReader(configuration)
    predictionType = reader.prediction(sample: true)
    trainTimesteps = reader.trainTimesteps()
  }

  /// The settings of Stable Diffusion, for checkpoints without a file: those of 1.x where ε is predicted (PNDM), those of
  /// 2.x at 768 pixels where v is (DDIM).
  public static func stableDiffusion(prediction: Prediction = .epsilon) -> SchedulerConfiguration {
    let rule = prediction == .epsilon ? SamplerRule.pndm : .ddim
    let text = """
      {"_class_name": "\(rule.className)", "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear",
       "num_train_timesteps": 1000, "prediction_type": "\(prediction.diffusersName)", "clip_sample": false, "set_alpha_to_one": false,
       "skip_prk_steps": true, "steps_offset": 1, "trained_betas": null}
      """
    // These settings are known to be fit.
    return try! SchedulerConfiguration(parsing: Array(text.utf8), path: "the settings of Stable Diffusion")
  }

  /// diffusers' class that the file names. [_class_name]
  public var className: String { configuration.className }

  /// The file's own sampler; nil where it is of a class that is none of ours.
  public var rule: SamplerRule? { SamplerRule(className: className) }

  /// The same with what diffusers' Stable Diffusion pipelines put right in old files when they load them: an offset of 1,
  /// no clipping of latents and, for inpainting, multistep rules without Runge–Kutta steps.
  ///
  /// The pipelines for text, pictures and inpainting do that; those for ControlNets and for upscaling take files as they
  /// are. A scheduler of another class gets the corrected values only of keys that the file has.
  public func correctedForPipeline(inpainting: Bool = false) -> SchedulerConfiguration {
    var corrected = self
    corrected.corrections = ["steps_offset": 1]
    corrected.corrections[inpainting ? "skip_prk_steps" : "clip_sample"] = .boolean(inpainting)
    return corrected
  }

  /// The same for a network that was trained otherwise than the file says.
  ///
  /// - Parameters:
  ///   - prediction: what it predicts; nil for what the file says.
  ///   - endingWithoutSignal: whether its training ended in pure noise (zero terminal SNR, Lin et al. 2024), in which case
  ///     sampling begins at the last timestep, and a class that cannot do so gives way to DDIM.
  package func trained(for prediction: Prediction?, endingWithoutSignal: Bool = false) -> SchedulerConfiguration {
    var changed = self
    if let prediction {
      changed.predictionType = prediction
      changed.configuration = changed.configuration.replacing(
        "prediction_type", with: .string(prediction.diffusersName))
    }
    guard endingWithoutSignal else { return changed }
    if changed.rule?.traits.stretchesNoise == false {
      changed.configuration = changed.configuration.asClass(SamplerRule.ddim.className)
    }
    changed.configuration = changed.configuration.replacing("rescale_betas_zero_snr", with: true)
      .replacing("timestep_spacing", with: .string(TimestepSpacing.trailing.rawValue))
    return changed
  }

  /// The same without keys that no scheduler knows, of which `notes` gets a sentence each.
  package func withoutUnknownKeys(_ notes: inout [String]) -> SchedulerConfiguration {
    var changed = self
    for key in configuration.keys where !key.hasPrefix("_") && !SamplerSettings.knownKeys.contains(key) {
      notes.append("\(configuration.path): \(key): no scheduler has such a key; it is not used")
      changed.configuration = changed.configuration.replacing(key, with: .null)
    }
    return changed
  }

  /// Makes a sampler for a number of steps.
  ///
  /// - Parameters:
  ///   - named: the rule; nil for the file's own.
  ///   - karras: whether to take the noise levels of Karras et al. 2022; nil for what the file says.
  ///   - spacing: how steps are spread over training; nil for what the file or the class says.
  ///   - eta: the share of the ancestral sampler's noise that DDIM adds, 0 to 1; the others take no notice of it.
  /// - Throws: `SamplerError`, or `DiffusersConfigurationError` with every setting that the class cannot honour.
  public func sampler(
    named name: SamplerRule? = nil, steps: Int, karras: Bool? = nil, spacing: TimestepSpacing? = nil, eta: Double = 0
  ) throws -> any Sampler {
    guard let chosen = name ?? rule else {
      throw SamplerError.unknownClass(path: configuration.path, found: className)
    }
    if karras == true, !chosen.takesKarras { throw SamplerError.without(.karras, chosen) }
    if configuration["rescale_betas_zero_snr"] == true {
      try chosen.check("begin in pure noise (rescale_betas_zero_snr)", \.stretchesNoise)
    }
    var settings = try SamplerSettings(adapted(to: name, chosen, karras: karras, spacing: spacing), as: chosen)
    settings.eta = eta
    return try settings.sampler(steps: steps)
  }

  /// Clean samples with noise, as training has them at a timestep: x_t = √ᾱ·x₀ + √(1 − ᾱ)·ε. `timestep` must be one of
  /// training; `clean` and `noise` are of one shape.
  public func noised(_ clean: Tensor, noise: Tensor, timestep: Int) throws -> Tensor {
    // The process of training is the same for all classes that know the key rescale_betas_zero_snr.
    let settings = try SamplerSettings(configuration, as: rule ?? .ddpm)
    return settings.noise.qSample(clean, noise: noise, at: [Int](repeating: timestep, count: clean.shape[0]))
  }

  /// The settings with corrections and with what the caller chose.
  private func adapted(
    to name: SamplerRule?, _ chosen: SamplerRule, karras: Bool?, spacing: TimestepSpacing?
  ) -> DiffusersConfiguration {
    var changes = corrections.filter { chosen.className == className || configuration[$0.key] != nil }
    if let karras { changes["use_karras_sigmas"] = .boolean(karras) }
    if let spacing { changes["timestep_spacing"] = .string(spacing.rawValue) }
    // A rule chosen by name is what its name says, whatever the file says.
    changes.merge(name?.traits.demands ?? [:]) { $1 }
    return changes.reduce(configuration) { $0.replacing($1.key, with: $1.value) }
  }

  /// diffusers writes `-Infinity`, which is not JSON, for bounds that do not bind; here they are read as −1e300, written
  /// with as many characters so that columns stay right.
  private static func withFiniteNumbers(_ bytes: [UInt8]) -> [UInt8] {
    let (infinity, finite) = (Array("-Infinity".utf8), Array("-1.00e300".utf8))
    var bytes = bytes
    var isText = false
    var position = 0
    while position < bytes.count {
      if isText, bytes[position] == UInt8(ascii: "\\") {
        position += 1
      } else if bytes[position] == UInt8(ascii: "\"") {
        isText.toggle()
      } else if !isText, bytes[position...].starts(with: infinity) {
        bytes.replaceSubrange(position..<position + infinity.count, with: finite)
      }
      position += 1
    }
    return bytes
  }
}
