import LineupTensors

/// What a classifier says about a set of images. The network itself is somebody else's.
package struct ClassifierOutput: Sendable {
  /// The most probable class of each image.
  package let predictions: [Int32]
  /// The features of its penultimate layer, one row an image, or nil.
  package let features: FeatureMatrix?

  package init(predictions: [Int32], features: FeatureMatrix? = nil) {
    precondition(
      features.map { $0.rows == predictions.count } ?? true,
      "a classifier's features and predictions are of different numbers of images")
    self.predictions = predictions
    self.features = features
  }
}

/// The real side of all measurements, prepared once for many evaluations.
///
/// Generated images are compared with held-out images (the test part, for verdicts) and, for signs of copying, with
/// the training images. The real-against-real row of a table is `measure` on real images of neither part, as many as
/// are generated.
package struct MeasurementReference: Sendable {
  /// The pixel feature space, fitted to the training images.
  package let components: PixelComponents
  /// The training images in that space.
  package let trainingFeatures: FeatureMatrix
  /// The held-out images in that space.
  package let realFeatures: FeatureMatrix
  /// The held-out images' sharpness.
  package let sharpness: SharpnessProfile
  /// The neighbour whose distance is a ball's radius.
  package let k: Int
  /// How many principal components were asked for; few images or pixels give fewer.
  package let componentCount: Int

  /// Training images that the feature space is fitted to and that copies are looked for in, at most.
  package static let trainingCount = 10_000
  /// Real images that the sharpness stands on; more hardly move its means.
  static let sharpnessCount = 2000

  /// Whether the training images, and the held-out ones, are not all equal.
  let (trainingImagesDiffer, realImagesDiffer): (Bool, Bool)
  let frechet: FrechetDistance
  let balls: NeighbourBalls?
  /// Distances of held-out images to their nearest training image: what is far or near for honest images.
  let heldOutDistances: [Double]
  let training: (labels: [Int32], classCount: Int)
  let classifierFeatures: FeatureMatrix?
  let classifierFrechet: FrechetDistance?

  /// Prepares the real side.
  ///
  /// - Parameters:
  ///   - training: the images that models learn from.
  ///   - trainingLabels: their classes; empty where there are none.
  ///   - real: held-out images to compare with, of at least two.
  ///   - classifierFeatures: the classifier's features of all `real` images in order; nil leaves distances in its
  ///     space out.
  ///   - componentCount: principal components of the pixels that make the feature space.
  ///   - sampleCount: how many generated images most evaluations will have.
  package init(
    training: PixelBatch, trainingLabels: [Int32] = [], classCount: Int = 0, real: PixelBatch,
    classifierFeatures: FeatureMatrix? = nil, componentCount: Int = FeatureSpace.standardComponents,
    sampleCount: Int = 1000, k: Int = 5
  ) {
    precondition(
      trainingLabels.isEmpty || trainingLabels.count == training.count, "labels are not one a training image")
    precondition(
      classifierFeatures.map { $0.rows == real.count } ?? true, "classifier features are not one row a real image")
    self.componentCount = componentCount
    (trainingImagesDiffer, realImagesDiffer) = (training.imagesDiffer, real.imagesDiffer)
    components = PixelComponents(of: training, count: componentCount)
    trainingFeatures = components.transform(training)
    realFeatures = components.transform(real)
    sharpness = SharpnessProfile(of: real.evenlySpaced(Self.sharpnessCount))
    frechet = FrechetDistance(real: realFeatures)
    self.k = k
    let wanted = min(sampleCount, real.count)
    balls = wanted > k ? NeighbourBalls(of: realFeatures.evenlySpaced(wanted), k: k) : nil
    heldOutDistances = nearestNeighbours(of: realFeatures.evenlySpaced(1000), in: trainingFeatures).map(\.distance)
    self.training = (trainingLabels, classCount)
    self.classifierFeatures = classifierFeatures
    classifierFrechet = classifierFeatures.map(FrechetDistance.init(real:))
  }

  /// Images on the pixel features drawn from one Gaussian with the real mean and covariance: a model that beats it
  /// has learned more than second moments.
  ///
  /// - Returns: `count` rows in the space of principal components.
  package func gaussianBaseline(count: Int, random: RandomStream) -> FeatureMatrix {
    var random = random
    let noise = FeatureMatrix(rows: count, columns: realFeatures.columns) { _, _ in Double(random.normal()) }
    return frechet.shaped(noise)
  }

  /// The kernel distance of the Gaussian baseline at a number of samples, the limit of a failed run.
  package func gaussianKernelDistance(count: Int, random: RandomStream) -> Double {
    kernelInceptionDistance(real: realFeatures, generated: gaussianBaseline(count: count, random: random)).value
  }
}
