/// The Fréchet distance between two Gaussians (Dowson and Landau 1982; Heusel et al. 2017):
/// ‖μ₁ − μ₂‖² + tr Σ₁ + tr Σ₂ − 2 tr (Σ₁Σ₂)^½.
///
/// The trace of the root is the sum of the roots of the eigenvalues of Σ₁^½ Σ₂ Σ₁^½, which is symmetric, so nothing
/// complex occurs. The value falls with the number of samples like 1/N: compare at equal N only, and never bootstrap
/// samples (duplicates inflate it).
package struct FrechetDistance: Sendable {
  /// The moments of the real features.
  package let real: Moments
  private let root: FeatureMatrix

  /// Prepares the real side, which many evaluations share.
  package init(real features: FeatureMatrix) {
    real = Moments(of: features)
    root = SymmetricEigen(real.covariance).squareRoot
  }

  /// Standard normal rows given the real covariance and mean.
  func shaped(_ noise: FeatureMatrix) -> FeatureMatrix {
    centred(product(noise, root), at: real.mean.map { -$0 })
  }

  /// The parts of the distance.
  package struct Terms: Sendable {
    /// ‖μ₁ − μ₂‖².
    package let mean: Double
    /// tr Σ of the real features.
    package let realTrace: Double
    /// tr Σ of the generated features.
    package let generatedTrace: Double
    /// tr (Σ₁Σ₂)^½.
    package let rootTrace: Double
    /// The distance itself, not below 0.
    package var distance: Double { max(0, mean + realTrace + generatedTrace - 2 * rootTrace) }
  }

  /// The distance to generated features.
  package func distance(to generated: FeatureMatrix) -> Double { terms(to: generated).distance }

  /// The parts of the distance to generated features.
  package func terms(to generated: FeatureMatrix) -> Terms {
    let other = Moments(of: generated)
    precondition(other.mean.count == real.mean.count, "the two sets have different numbers of features")
    let meanTerm = zip(real.mean, other.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let inner = product(product(root, other.covariance), root)
    let rootTrace = SymmetricEigen.values(of: inner).reduce(0) { $0 + max($1, 0).squareRoot() }
    return Terms(mean: meanTerm, realTrace: real.trace, generatedTrace: other.trace, rootTrace: rootTrace)
  }
}

/// The Fréchet distance between two sets of features.
package func frechetDistance(real: FeatureMatrix, generated: FeatureMatrix) -> Double {
  FrechetDistance(real: real).distance(to: generated)
}
