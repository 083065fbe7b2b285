import LineupKernels
import LineupNetworks
import LineupTensors

/// A network with all that training keeps beside it: its optimizer, the schedule of its learning rate, the limit of its
/// gradients and the moving average of its weights.
public struct Trained<Network: Module>: Module {
  /// The network with the weights that training moves.
  public var network: Network
  /// The learning rate over the share of the budget used.
  public let schedule: LearningRateSchedule
  /// The largest global norm of a gradient; `nil` never clips.
  public let clipNorm: Double?
  private var optimizer: Adam
  private var average: MovingAverage?

  /// - Parameters:
  ///   - betas: Adam's decay rates of the first and the second moment.
  ///   - clipNorm: the largest global norm of a gradient; 0 never clips.
  ///   - average: the decay of the moving average of the weights; 0 keeps none.
  public init(
    _ network: Network, schedule: LearningRateSchedule, betas: [Double] = [0.9, 0.999], clipNorm: Double = 0,
    average decay: Double = 0
  ) {
    require(betas.count == 2, "Adam has two decay rates, not \(betas)")
    (self.network, self.schedule) = (network, schedule)
    self.clipNorm = clipNorm > 0 ? clipNorm : nil
    optimizer = Adam(for: network, beta1: Float(betas[0]), beta2: Float(betas[1]))
    average = decay > 0 ? MovingAverage(of: network, decay: Float(decay)) : nil
  }

  /// One step along the gradient of a loss of shape `[]`.
  ///
  /// - Parameters:
  ///   - progress: the share of the budget used, in [0, 1].
  ///   - loss: the loss of the network that it is given; what it changes of that network's buffers is kept.
  public mutating func step(progress: Double, _ loss: (inout Network) -> Tensor) -> Update {
    let (value, gradients) = valueAndGradient(of: &network, loss)
    var update = optimizer.update(
      &network, along: gradients, learningRate: schedule.rate(at: progress), clippingTo: clipNorm)
    update.loss = Losses.Value(value)
    average?.update(toward: &network)
    return update
  }

  /// Whether a moving average of the weights is kept.
  public var keepsAverage: Bool { average != nil }

  /// The network with the chosen weights; those of training where no average is kept.
  public func network(_ weights: WeightChoice) -> Network {
    weights == .average ? average?.applied(to: network) ?? network : network
  }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("network", &network)
    visitor.child("optimizer", &optimizer)
    visitor.child("average", &average)
  }
}
