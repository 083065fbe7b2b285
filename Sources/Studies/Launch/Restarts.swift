import Foundation

/// How soon a trial whose worker died is begun again, and when it is enough.
struct Restarts {
  /// Deaths without a step forward after which nothing more is tried in this launch.
  static let limit = 6

  /// Seconds before the second new start; the first comes at once, and each later one after twice the time.
  let pause: Double
  private var deaths = 0
  private var furthest = -1

  init(pause: Double) { self.pause = pause }

  /// Counts a death, in whatever phase.
  ///
  /// - Parameter step: the step that the trial had come to; further than ever before, it begins the count anew.
  /// - Returns: seconds until the next start, or nil where there have been too many.
  mutating func pause(afterDeathAt step: Int) -> Double? {
    if step > furthest { (furthest, deaths) = (step, 0) }
    deaths += 1
    if deaths == 1 { return 0 }
    return deaths < Self.limit ? pause * pow(2, Double(deaths - 2)) : nil
  }
}
