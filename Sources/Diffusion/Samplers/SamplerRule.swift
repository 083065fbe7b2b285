import LineupFormats
import LineupStrictJSON

/// A sampler that users can choose: its name, what it can honour, and how it is made. Each stands in the file of its rule.
public struct SamplerRule: RawRepresentable, Hashable, Codable, CaseIterable, Sendable, CustomStringConvertible {
  /// Every rule. A new one is a file of its own and a line here.
  public static let allCases: [SamplerRule] = [
    .ddim,
    .ddpm,
    .pndm,
    .euler,
    .eulerAncestral,
    .heun,
    .dpmSolver,
    .dpmSolverSDE,
    .unipc,
    .lcm,
  ]

  /// The name in experiment files and on command lines.
  public let rawValue: String
  /// diffusers' class, as a file's `_class_name` has it.
  package let className: String
  /// What the rule can honour and takes where nothing is said.
  let traits: Traits
  /// Reads the keys of a `scheduler_config.json` that are the class's own.
  let read: @Sendable (inout DiffusersConfigurationReader, inout SamplerSettings) -> Void
  /// Makes the sampler for a number of steps.
  let make: @Sendable (SamplerSettings, Int) throws(SamplerError) -> any Sampler

  /// What tells rules apart before they are made.
  struct Traits: Sendable {
    /// The noise levels that a trajectory can visit.
    var levels: [SigmaLevels] = [.timesteps]
    /// Whether timesteps can be spread as a user likes; a rule that cannot has its own.
    var takesSpacing = true
    /// Whether a share of the ancestral sampler's noise can be chosen.
    var takesEta = false
    /// Whether networks that predict the clean sample are understood.
    var takesCleanPredictions = true
    /// Whether a study that says no number of steps means every timestep.
    var visitsEveryTimestep = false
    /// Whether the rule works on noise levels σ: its class then spreads timesteps from the first to the last.
    var usesSigmas = false
    /// Whether the class knows `rescale_betas_zero_snr`, and `beta_schedule` as "sigmoid".
    var stretchesNoise = true
    var knowsSigmoid = false
    /// The class's defaults of `beta_start`, `beta_end` and `beta_schedule`.
    var betas = (first: 0.0001, last: 0.02, growth: NoiseSchedule.Growth.linear)
    /// Whether the class knows `thresholding`; the default of `clip_sample`, nil where it does not know that.
    var thresholds = true
    var clips: Bool?
    /// What a rule says that is chosen by name, whatever the file has.
    var demands: [String: JSONValue] = [:]
  }

  init(
    _ name: String, className: String, _ traits: Traits,
    read: @escaping @Sendable (inout DiffusersConfigurationReader, inout SamplerSettings) -> Void = { _, _ in },
    make: @escaping @Sendable (SamplerSettings, Int) throws(SamplerError) -> any Sampler
  ) {
    (rawValue, self.className, self.traits, self.read, self.make) = (name, className, traits, read, make)
  }

  /// The rule of a name.
  public init?(rawValue: String) {
    guard let rule = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = rule
  }

  /// The rule of a class; for DPM-Solver++ the deterministic one, which a file's `algorithm_type` may overrule.
  init?(className: String) {
    guard let rule = Self.allCases.first(where: { $0.className == className }) else { return nil }
    self = rule
  }

  /// Whether the rule can take the noise levels of Karras et al. 2022.
  public var takesKarras: Bool { traits.levels.contains(.karras) }

  /// Throws where the rule lacks a trait, naming the rules that have it.
  func check(_ ability: String, _ trait: (Traits) -> Bool) throws(SamplerError) {
    guard !trait(traits) else { return }
    throw .unfit(self, to: ability, others: Self.allCases.filter { trait($0.traits) })
  }

  /// The name in files.
  public var description: String { rawValue }
}

/// Which noise levels σ a trajectory visits.
public enum SigmaLevels: String, Codable, Sendable, CaseIterable {
  /// Those of the chosen timesteps.
  case timesteps
  /// Equal steps of σ^(1/7) (Karras et al. 2022, equation 5).
  case karras
  /// Equal steps of ln σ (Lu et al. 2022).
  case lu
}
