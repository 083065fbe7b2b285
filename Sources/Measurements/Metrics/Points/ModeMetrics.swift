/// How points cover a mixture, as PacGAN has it (Lin et al. 2018).
extension Metric {
  /// How many modes there are samples of.
  package static let modesCaptured = modes(
    "modes_captured", title: "modes with a sample within three standard deviations", head: "modes",
    axis: "modes captured", unit: "modes", direction: .higher,
    meaning: "How many modes have at least one sample within three standard deviations.",
    traps: "One stray sample captures a mode; read it with the imbalance."
  ) { Double($0.captured) }

  /// The share of samples near a mode.
  package static let highQualityShare = modes(
    "high_quality_share", title: "share of samples within three standard deviations of a mode", head: "near a mode",
    axis: "share of samples near a mode", direction: .higher,
    meaning: "Share of samples within three standard deviations of a mode. A perfect sampler has 98.9 %, not 100 %.",
    traps: "More than 98.9 % means modes that are too narrow."
  ) { $0.highQualityShare }

  /// How unequally the modes are filled.
  package static let modeDivergence = modes(
    "reverse_kl", title: "divergence of the modes' shares from uniform", head: "imbalance",
    axis: "divergence from equal shares (nats)", unit: "nats", direction: .lower,
    meaning: "Divergence of the modes' shares from equal ones, in nats: 0 when every mode gets its part.",
    traps: "A perfect sampler draws by chance and reaches (modes − 1)/(2N), not 0; bad samples do not enter."
  ) { $0.reverseDivergence }

  private static func modes(
    _ name: String, title: String, head: String, axis: String, unit: String = "1", direction: Direction,
    meaning: String, traps: String, _ value: @escaping @Sendable (MixtureModes) -> Double
  ) -> Metric {
    Metric(
      name, title: title, head: head, axis: axis, unit: unit, direction: direction, section: .points, space: .plane,
      needs: [.mixture], meaning: meaning, traps: traps, method: .points(value))
  }
}
