import LineupNetworks
import LineupTensors

/// An exponential moving average of a model's parameters, with the warm-up `min(decay, (1 + n) / (10 + n))`, so that
/// early weights are soon forgotten.
public struct MovingAverage: Module {
  /// The share of the old average that an update keeps, after the warm-up.
  public let decay: Float
  private var updates = 0
  private var values: [Tensor]

  /// An average that begins at the model's parameters.
  public init(of model: some Module, decay: Float) {
    self.decay = decay
    values = model.parameters.map(\.value)
  }

  /// Moves the average toward the model's parameters as they are now.
  public mutating func update(toward model: inout some Module) {
    updates += 1
    let step = 1 - min(decay, Float(1 + updates) / Float(10 + updates))
    var index = 0
    model.forEachParameter { _, parameter in
      values[index].interpolate(toward: parameter, by: step)
      index += 1
    }
  }

  /// The model with averaged parameters.
  public func applied<M: Module>(to model: M) -> M {
    var copy = model
    var index = 0
    copy.forEachParameter { _, parameter in
      parameter = values[index]
      index += 1
    }
    return copy
  }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.integer("updates", &updates)
    visitor.enter("values")
    for index in values.indices { visitor.buffer(String(index), &values[index]) }
    visitor.leave()
  }
}
