extension TimestepSpacing {
  /// Where n steps fall among the timesteps of training, in descending order; `linspace` leaves fractions.
  ///
  /// The same as `timesteps(steps:of:offset:)` but for fractions and for the roundings of NumPy's ranges, which decide where
  /// a trailing timestep falls half-way between two.
  func positions(steps: Int, of total: Int, offset: Int) -> [Double] {
    switch self {
    case .leading:
      return (0..<steps).reversed().map { Double($0 * (total / steps) + offset) }
    case .linspace:
      let stride = Double(total - 1) / Double(max(steps - 1, 1))
      return (0..<steps).reversed().map { $0 > 0 && $0 == steps - 1 ? Double(total - 1) : Double($0) * stride }
    case .trailing:
      // A range of NumPy grows by the difference of its first two numbers. For some n it has one number too many, a
      // timestep of −1, which no network knows.
      let first = Double(total)
      let stride = (first - first / Double(steps)) - first
      return (0..<steps).map { (first + Double($0) * stride).rounded(.toNearestOrEven) - 1 }
    }
  }
}

extension SchedulerSettings {
  /// Throws where a number of steps is too small or larger than the number of timesteps there are to visit.
  func checkSteps(_ steps: Int, least: Int = 1, most: Int? = nil) throws(SchedulerError) {
    let allowed = least...max(least, most ?? noise.timesteps)
    guard allowed.contains(steps) else { throw .steps(steps, allowed: allowed, scheduler: name) }
  }

  /// Whole timesteps for rules that look ᾱ up.
  func wholeTimesteps(steps: Int) throws(SchedulerError) -> [Int] {
    let timesteps = spacing.positions(steps: steps, of: noise.timesteps, offset: offset).map {
      Int($0.rounded(.toNearestOrEven))
    }
    try check(timesteps)
    return timesteps
  }

  /// Throws where a timestep lies outside of training, or where a predicted ε would have to be found in pure noise.
  func check(_ timesteps: [Int]) throws(SchedulerError) {
    let trained = 0..<noise.timesteps
    if let wrong = timesteps.first(where: { !trained.contains($0) }) {
      throw .timestep(wrong, trained: noise.timesteps, path: path)
    }
    if prediction == .epsilon, timesteps.contains(where: { noise.alphaBars[$0] == 0 }) {
      throw .undefined(
        path: path,
        reason: "rescale_betas_zero_snr begins in pure noise, where a network that predicts epsilon says nothing")
    }
  }
}
