import LineupLearning
import LineupNetworks
import LineupTensors
import Testing

/// Records an issue unless two models have moved from a third in the same way: Adam's first steps are as long for a tiny
/// gradient as for a big one, so that a few weights whose gradient is nothing but rounding may go elsewhere.
func expectSameSteps<M: Module>(
  from start: M, _ expected: M, _ found: M, sourceLocation: SourceLocation = #_sourceLocation
) {
  func moves(_ model: M) -> [Float] {
    zip(model.parameters, start.parameters).flatMap { zip($0.value.values, $1.value.values).map { $0 - $1 } }
  }
  let (wanted, made) = (moves(expected), moves(found))
  let length = wanted.map { abs($0) }.max() ?? 0
  let strangers = zip(wanted, made).count { !(abs($0 - $1) < 0.02 * length) }
  #expect(length > 0 && wanted.count == made.count, sourceLocation: sourceLocation)
  #expect(strangers <= wanted.count / 100, "\(strangers) weights moved elsewhere", sourceLocation: sourceLocation)
}
