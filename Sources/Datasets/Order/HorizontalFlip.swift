import LineupTensors

/// Mirroring images left to right at random, half of them on average.
///
/// Only for data whose meaning survives it: letters, arrows and captions that name a side do not.
public struct HorizontalFlip: Sendable {
  private let random: RandomStream

  /// - Parameter random: usually the trial's seed split by "flip".
  public init(random: RandomStream) {
    self.random = random
  }

  /// Whether to mirror each of the `count` images of step `step`; a pure function of the stream and the step.
  public func flags(count: Int, forStep step: Int) -> [Bool] {
    var stream = random.split(step)
    return (0..<count).map { _ in stream.nextBits() >> 31 == 1 }
  }
}
