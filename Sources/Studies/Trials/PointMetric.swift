import LineupDatasets
import LineupFormats
import LineupMeasurements

/// The figures of samples from a two-dimensional mixture, as PacGAN defines them (Lin et al. 2018).
enum PointMetric {
  static let all: [(name: String, title: String, unit: String, higherIsBetter: Bool)] = [
    ("modes_captured", "modes with a sample within three standard deviations", "modes", true),
    ("high_quality_share", "share of samples within three standard deviations of a mode", "1", true),
    ("reverse_kl", "divergence of the modes' shares from uniform", "nats", false),
  ]

  static func measure(_ points: [Float], mixture: PointMixture) -> [RecordedMetric] {
    let modes = MixtureModes(points: points, mixture: mixture)
    let values = [Double(modes.captured), modes.highQualityShare, modes.reverseDivergence]
    return zip(all, values).map {
      RecordedMetric(
        $0.name, $1, unit: $0.unit, higherIsBetter: $0.higherIsBetter, extractor: "plane", sampleCount: points.count / 2
      )
    }
  }
}
