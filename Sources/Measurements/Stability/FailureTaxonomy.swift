/// Why a run counts as failed. The causes are fixed beforehand and reported one by one.
package enum FailureCause: String, Sendable, CaseIterable {
  /// A loss or weight was not finite.
  case nonFinite
  /// The final kernel distance is worse than that of a Gaussian with the real mean and covariance.
  case worseThanGaussian
  /// Fewer than eight tenths of the classes have 1 % of the images.
  case fewClasses
  /// Coverage is below half of what real images reach.
  case lowCoverage
  /// The final Fréchet distance is more than twice the run's best.
  case lateCollapse
}

/// What is known of a finished run; what was not measured is nil and fails nothing.
package struct RunEvidence: Sendable {
  package var sawNonFinite = false
  package var kernelDistance: Double?
  /// The kernel distance of the Gaussian baseline at the same number of samples.
  package var gaussianKernelDistance: Double?
  package var classBalance: ClassBalance?
  package var coverage: Double?
  /// The coverage of held-out real images at the same number of samples.
  package var realCoverage: Double?
  /// Fréchet distances of the evaluations in order, at one number of samples.
  package var frechetDistances: [Double] = []

  package init() {}

  /// All causes for which this run failed, in the order of the taxonomy.
  package var failureCauses: [FailureCause] {
    FailureCause.allCases.filter { cause in
      switch cause {
      case .nonFinite: sawNonFinite
      case .worseThanGaussian: exceeds(kernelDistance, gaussianKernelDistance)
      case .fewClasses:
        classBalance.map { Double($0.classes(withShare: 0.01)) < 0.8 * Double($0.shares.count) } ?? false
      case .lowCoverage: exceeds(realCoverage.map { 0.5 * $0 }, coverage)
      case .lateCollapse:
        exceeds(frechetDistances.last, frechetDistances.filter { !$0.isNaN }.min().map { 2 * $0 })
      }
    }
  }

  private func exceeds(_ value: Double?, _ limit: Double?) -> Bool {
    guard let value, let limit else { return false }
    return value > limit
  }
}
