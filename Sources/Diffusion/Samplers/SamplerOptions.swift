import LineupFormats
import LineupStrictJSON

/// How pictures are drawn from a diffusion model that was trained here.
public struct SamplerOptions: SettingsRecord {
  private enum CodingKeys: CodingKey { case name, steps, spacing, sigmas, eta }

  /// The name in files.
  public static let title = "sampler"
  /// What it is, in a sentence.
  public static let summary = "How pictures are drawn from a diffusion model."

  @Setting(
    "The rule. ddpm takes every timestep where no steps are given; heun asks the network twice a step, pndm once more "
      + "than there are steps; lcm is for distilled networks.")
  public var name = SamplerRule.ddim

  @Setting(.integer(1...10_000), "Steps for one picture, where they differ from evaluation.samplerSteps.")
  public var steps: Int? = nil

  @Setting(
    .choice(TimestepSpacing.allCases.map(\.rawValue)),
    "How the steps are spread over the timesteps; trailing, which begins in the last one, where nothing is said.")
  public var spacing: TimestepSpacing? = nil

  @Setting(
    .choice(SigmaLevels.allCases.map(\.rawValue)),
    "The noise levels that are visited: those of the timesteps, Karras's or Lu's, which not every rule has.")
  public var sigmas: SigmaLevels? = nil

  @Setting(.number(.from(0, upTo: 1)), "The share of DDPM's noise that ddim adds; 0 is deterministic.")
  public var eta = 0.0

  /// Steps where neither a request nor the options say how many.
  public var standardSteps = 20

  /// Options; what is not given is the rule's own.
  public init(
    name: SamplerRule = .ddim, steps: Int? = nil, spacing: TimestepSpacing? = nil, sigmas: SigmaLevels? = nil,
    eta: Double = 0
  ) {
    (self.name, self.steps, self.spacing, self.sigmas, self.eta) = (name, steps, spacing, sigmas, eta)
  }

  /// The same with what a request changes. The steps of one rule are not those of a rule that visits every timestep.
  public func choosing(_ rule: SamplerRule?, steps: Int?) -> SamplerOptions {
    var chosen = self
    if let rule, rule != name {
      chosen.name = rule
      if rule.traits.visitsEveryTimestep { chosen.steps = nil }
    }
    chosen.steps = steps ?? chosen.steps
    return chosen
  }

  /// Whether every timestep is visited because nothing else is said.
  public var visitsEveryTimestep: Bool { steps == nil && name.traits.visitsEveryTimestep }

  /// The sampler over a schedule, whose tables stay as exact as that is.
  ///
  /// - Parameter range: holds x̂₀ between −range and range; `nil` leaves it as it is.
  /// - Throws: what the rule cannot honour.
  public func sampler(
    over noise: NoiseSchedule, prediction: Prediction, clippingTo range: Float? = nil
  ) throws(SamplerError) -> any Sampler {
    let settings = try settings(over: noise, prediction: prediction, clippingTo: range)
    let standard = name.traits.visitsEveryTimestep ? noise.timesteps : min(standardSteps, noise.timesteps)
    return try settings.sampler(steps: steps ?? standard)
  }

  /// The settings of the rule's class, apart from those that describe the training and those that are chosen here.
  package func settings(
    over noise: NoiseSchedule, prediction: Prediction, clippingTo range: Float?
  ) throws(SamplerError) -> SamplerSettings {
    let levels = sigmas ?? .timesteps
    if !name.traits.levels.contains(levels) { throw .without(levels, name) }
    if eta > 0 { try name.check("add a share of the ancestral noise (eta)", \.takesEta) }
    if spacing != nil { try name.check("spread its timesteps otherwise (spacing)", \.takesSpacing) }
    if prediction == .x0 { try name.check("take predictions of x0", \.takesCleanPredictions) }
    var settings = SamplerSettings(
      name, path: "the sampler \(name)", noise: noise, prediction: prediction, spacing: spacing ?? .trailing)
    settings.readDefaults()
    settings.bounds = range.map { .clipped(range: $0) } ?? .none
    (settings.eta, settings.levels) = (eta, levels)
    (settings.finalAlphaBar, settings.skipsRungeKutta) = (1, true)
    return settings
  }
}
