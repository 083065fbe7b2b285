/// What a column of measurements means. Names are those of the run file's datasets.
package struct MetricDefinition: Sendable, Equatable {
  /// The column's name, the feature space included.
  package let name: String
  /// What it is, in words for tables.
  package let title: String
  /// The unit; "1" for pure numbers.
  package let unit: String
  /// True or false where one direction is better, nil where being like real images is.
  package let higherIsBetter: Bool?
  /// The feature space it is measured in; "pixels" where the image itself is.
  package let extractor: String
  /// Whether it needs the measuring classifier.
  package let needsClassifier: Bool

  init(
    _ name: String, _ title: String, unit: String = "1", higherIsBetter: Bool? = nil, extractor: String = "pixels",
    needsClassifier: Bool = false
  ) {
    self.name = name
    self.title = title
    self.unit = unit
    self.higherIsBetter = higherIsBetter
    self.extractor = extractor
    self.needsClassifier = needsClassifier
  }

  /// All columns that `MeasurementReference.measure` fills, in their order. A run file creates them up front.
  package static let all: [MetricDefinition] = sharpness + distribution + memorisation + classifier

  private static let sharpness = [
    MetricDefinition("varlap", "variance of the Laplacian"),
    MetricDefinition("varlap_ratio", "variance of the Laplacian over that of real images"),
    MetricDefinition("tenengrad", "mean squared gradient"),
    MetricDefinition("hfer", "share of power at high frequencies"),
    MetricDefinition("lhf", "log-ratio of high-frequency power to that of real images"),
    MetricDefinition("blur11", "blur effect, box 11"),
    MetricDefinition("blur3", "blur effect, box 3"),
    MetricDefinition("noise_sigma", "noise estimate"),
  ]

  private static let distribution = [
    MetricDefinition("fd_pix64", "Fréchet distance", higherIsBetter: false, extractor: PixelComponents.extractor),
    MetricDefinition("kid_pix64", "kernel distance", higherIsBetter: false, extractor: PixelComponents.extractor),
    MetricDefinition("kid_pix64_se", "standard error of the kernel distance", extractor: PixelComponents.extractor),
    MetricDefinition("precision", "precision", extractor: PixelComponents.extractor),
    MetricDefinition("recall", "recall", higherIsBetter: true, extractor: PixelComponents.extractor),
    MetricDefinition("density", "density", extractor: PixelComponents.extractor),
    MetricDefinition("coverage", "coverage", higherIsBetter: true, extractor: PixelComponents.extractor),
  ]

  private static let memorisation = [
    MetricDefinition(
      "nn_train_distance", "median distance to the nearest training image", extractor: PixelComponents.extractor),
    MetricDefinition("auth_pct", "authentic samples", unit: "%", extractor: PixelComponents.extractor),
    MetricDefinition(
      "copied_share", "share nearer to training images than 99 % of held-out images", higherIsBetter: false,
      extractor: PixelComponents.extractor),
    MetricDefinition("copy_z", "data-copying statistic", extractor: PixelComponents.extractor),
  ]

  private static let classifier = [
    MetricDefinition(
      "classes_hit", "classes hit", unit: "classes", higherIsBetter: true, extractor: "clf", needsClassifier: true),
    MetricDefinition(
      "class_kl", "divergence from the training classes", unit: "nats", higherIsBetter: false, extractor: "clf",
      needsClassifier: true),
    MetricDefinition(
      "fd_clf", "Fréchet distance", higherIsBetter: false, extractor: "clf", needsClassifier: true),
    MetricDefinition("kid_clf", "kernel distance", higherIsBetter: false, extractor: "clf", needsClassifier: true),
    MetricDefinition(
      "kid_clf_se", "standard error of the kernel distance", extractor: "clf", needsClassifier: true),
  ]
}
