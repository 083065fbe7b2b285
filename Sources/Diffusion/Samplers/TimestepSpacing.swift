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
  public func timesteps(steps: Int, of total: Int, offset: Int = 0) -> [Int] {
    require(
      (1...total).contains(steps), "\(steps) sampler steps cannot be taken over a schedule of \(total) timesteps")
    switch self {
    case .leading:
      let stride = total / steps
      let last = (steps - 1) * stride + offset
      require(last < total, "an offset of \(offset) leads out of a schedule of \(total) timesteps")
      return (0..<steps).reversed().map { $0 * stride + offset }
    case .linspace:
      return NoiseSchedule.evenlySpaced(0, Double(total - 1), steps).reversed().map {
        Int($0.rounded(.toNearestOrEven))
      }
    case .trailing:
      return (0..<steps).map { step in
        Int((Double(total) - Double(step) * Double(total) / Double(steps)).rounded(.toNearestOrEven)) - 1
      }
    }
  }
}
