import LineupDiffusion

/// How a metric is named, which way is better, and what it says in plain words.
struct MetricGuide: Sendable {
  enum Direction: Sendable {
    case higher, lower
    /// Being like real images is best.
    case near(Double?)

    var arrow: String {
      switch self {
      case .higher: "↑"
      case .lower: "↓"
      case .near(let value): value.map { "→\u{A0}\(NumberText.significant($0))" } ?? "→\u{A0}real"
      }
    }
  }

  var name: String
  /// The head of its column.
  var title: String
  var direction: Direction
  var meaning: String

  init(_ name: String, _ title: String, _ direction: Direction, _ meaning: String) {
    self.name = name
    self.title = title
    self.direction = direction
    self.meaning = meaning
  }

  static func named(_ name: String) -> MetricGuide? { (images + points).first { $0.name == name } }

  /// The columns of the main table for images, in its order.
  static let headline = [
    "fd_pix64", "fd_clf", "recall", "coverage", "classes_hit", "varlap_ratio", "lhf", "noise_sigma",
  ]

  /// The metrics of images that the page explains.
  static let images = [
    MetricGuide(
      "fd_pix64", "FD (pix64)", .lower,
      "Fréchet distance: how far the samples as a whole are from real images, on the 64 main components of the pixels. "
        + "It looks at means and covariances only, and its level depends on how many samples are measured; that is why "
        + "real images measured against real ones stand in the first row."),
    MetricGuide(
      "fd_clf", "FD (clf)", .lower,
      "The same distance on the features of a classifier that no model has seen in training: nearer to shapes and parts, "
        + "further from single pixels. It is not the FID of the literature."),
    MetricGuide(
      "kid_pix64", "KID (pix64)", .lower,
      "Kernel distance on the pixel components: unlike the Fréchet distance it has no bias, so it can be slightly negative."
    ),
    MetricGuide("kid_clf", "KID (clf)", .lower, "The same kernel distance on the classifier's features."),
    MetricGuide(
      "precision", "precision", .near(nil),
      "Share of samples that lie near some real image. Blurring raises it, so it never speaks for quality alone."),
    MetricGuide(
      "recall", "recall", .higher, "Share of real images that lie near some sample: how much of the variety is there."),
    MetricGuide(
      "density", "density", .near(1),
      "How crowded samples are around real images. Blurring raises it too; about 1 for perfect samples."),
    MetricGuide(
      "coverage", "coverage", .higher,
      "Share of real images that have a sample in their neighbourhood. About 0.97 for perfect samples with k = 5; many "
        + "copies of few images give a low one."),
    MetricGuide(
      "classes_hit", "classes", .higher,
      "How many kinds of clothes (or whatever the classes are) the samples fall into, by the measuring classifier."),
    MetricGuide(
      "varlap_ratio", "sharpness", .near(1),
      "Variance of the Laplacian over that of real images. Below 1 the samples are smoother than real ones; above 1 they "
        + "have more fine structure, which may be detail or noise."),
    MetricGuide(
      "lhf", "HF power", .near(0),
      "Natural logarithm of the power at high spatial frequencies over that of real images: −0.7 is half of it, 0.7 twice."
    ),
    MetricGuide(
      "noise_sigma", "noise", .near(nil),
      "Estimated pixel noise on a scale where white is 1. It guards the sharpness: samples count as sharper only where "
        + "this is not larger too."),
    MetricGuide(
      "blur11", "blur effect", .near(nil), "How little a further blur would change: 0 is sharp, 1 is blurred."),
    MetricGuide(
      "copied_share", "copied", .lower,
      "Share of samples that are nearer to a training image than 99 % of held-out images are: about 0.01 without copying."
    ),
  ]

  /// The metrics of points.
  static let points = [
    MetricGuide(
      "modes_captured", "modes", .higher, "How many modes have at least one sample within three standard deviations."),
    MetricGuide(
      "high_quality_share", "near a mode", .higher,
      "Share of samples within three standard deviations of a mode. A perfect sampler has 98.9 %, not 100 %."),
    MetricGuide(
      "reverse_kl", "imbalance", .lower,
      "Divergence of the modes' shares from equal ones, in nats: 0 when every mode gets its part."),
  ]
}
