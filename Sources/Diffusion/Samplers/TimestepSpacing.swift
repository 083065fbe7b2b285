import LineupKernels

/// Which of a schedule's T timesteps a sampler of n steps visits. All are in descending order.
public enum TimestepSpacing: String, Sendable, CaseIterable, Codable {
  /// Multiples of T ÷ n (whole division), plus an offset; the last timestep of the schedule is left out.
  case leading
  /// From 0 to T − 1 in equal steps, rounded.
  case linspace
  /// From T − 1 down in steps of T/n, rounded: begins in the schedule's last timestep (Lin et al. 2024, table 2).
  case trailing

  /// The timesteps, from the noisiest.
  ///
  /// - Parameter offset: added to the timesteps of `leading`; Stable Diffusion's is 1.
  public func timesteps(
    steps: Int, of total: Int, offset: Int = 0, rounding: NoiseSchedule.Rounding = .exact
  ) -> [Int] {
    positions(steps: steps, of: total, offset: offset, rounding).map { Int($0.rounded(.toNearestOrEven)) }
  }

  /// Where n steps fall among the timesteps; `linspace` leaves fractions.
  func positions(steps: Int, of total: Int, offset: Int, _ rounding: NoiseSchedule.Rounding) -> [Double] {
    require(steps >= 1, "\(steps) sampler steps cannot be taken")
    let (first, count) = (Double(total), Double(steps))
    switch self {
    case .leading: return (0..<steps).reversed().map { Double($0 * (total / steps) + offset) }
    case .linspace:
      let stride = (first - 1) / max(count - 1, 1)
      return (0..<steps).reversed().map { $0 > 0 && $0 == steps - 1 ? first - 1 : Double($0) * stride }
    case .trailing:
      // A range of NumPy grows by the difference of its first two numbers, which decides where a timestep falls half-way
      // between two. For some n it has one number too many, a timestep of −1, which no network knows.
      let grown = (first - first / count) - first
      return (0..<steps).map { step in
        let position = rounding == .torch ? first + Double(step) * grown : first - Double(step) * first / count
        return position.rounded(.toNearestOrEven) - 1
      }
    }
  }
}
