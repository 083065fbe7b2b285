/// What the options of every family say about how its networks are optimised.
public protocol Optimization: Sendable {
  /// Images a step.
  var batchSize: Int { get }
  /// Adam's step size before it decays.
  var learningRate: Double { get }
  var learningRateDecay: LearningRateSchedule.Decay { get }
  /// The largest global norm of a gradient; 0 never clips.
  var clipNorm: Double { get }
  /// The decay of the moving average of the weights; 0 keeps none.
  var average: Double { get }
}

extension Optimization {
  /// The learning rate over the share of the budget used; `peak` replaces the options' own where it is given.
  public func schedule(peak: Double? = nil) -> LearningRateSchedule {
    LearningRateSchedule(peak: peak ?? learningRate, decay: learningRateDecay)
  }
}
