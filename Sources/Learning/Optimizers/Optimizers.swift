import LineupKernels
import LineupNetworks
import LineupTensors

/// Changes a model's parameters along a gradient. Its moments and its step counter are shown by its walk.
public protocol Optimizer: Module {
  /// One update; `scale` multiplies the gradient first (clipping).
  mutating func update(_ model: inout some Module, along gradients: Gradients, learningRate: Float, scale: Float)
}

/// Stochastic gradient descent with momentum: `v ← μ·v + g`, `p ← p − lr·v`.
public struct SGD: Optimizer {
  /// μ, the share of the velocity that a step keeps.
  public let momentum: Float
  private var velocities: [Tensor]

  /// The velocities begin at zero, in the shapes of the model's parameters.
  public init(for model: some Module, momentum: Float = 0) {
    self.momentum = momentum
    velocities = model.parameters.map { .zeros($0.value.shape) }
  }

  /// One update; `scale` multiplies the gradient first.
  public mutating func update(
    _ model: inout some Module, along gradients: Gradients, learningRate: Float, scale: Float = 1
  ) {
    var index = 0
    model.forEachParameter { [momentum] _, parameter in
      let gradient = gradients.tensors[index].scaled(by: scale)
      velocities[index] = velocities[index].scaled(by: momentum) + gradient
      parameter = parameter - velocities[index].scaled(by: learningRate)
      index += 1
    }
  }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitMoments("velocity", &velocities, &visitor)
  }
}

/// Adam (Kingma and Ba 2015), and AdamW when `weightDecay` is not zero (Loshchilov and Hutter 2019).
public struct Adam: Optimizer {
  /// The decay rate of the first moment.
  public let beta1: Float
  /// The decay rate of the second moment.
  public let beta2: Float
  /// Added to the root of the second moment.
  public let epsilon: Float
  /// λ of decoupled weight decay; 0 has none.
  public let weightDecay: Float
  private var steps = 0
  private var first: [Tensor]
  private var second: [Tensor]

  /// The moments begin at zero, in the shapes of the model's parameters.
  public init(
    for model: some Module, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0
  ) {
    (self.beta1, self.beta2, self.epsilon, self.weightDecay) = (beta1, beta2, epsilon, weightDecay)
    first = model.parameters.map { .zeros($0.value.shape) }
    second = first
  }

  /// One update; `scale` multiplies the gradient first.
  public mutating func update(
    _ model: inout some Module, along gradients: Gradients, learningRate: Float, scale: Float = 1
  ) {
    require(
      gradients.tensors.count == first.count,
      "an optimizer for \(first.count) parameters was given \(gradients.tensors.count) gradients")
    steps += 1
    let step = AdamStep(
      gradientScale: scale, learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
      correction1: Float(1 - power(Double(beta1), steps)), correction2: Float(1 - power(Double(beta2), steps)),
      decay: learningRate * weightDecay)
    var index = 0
    model.forEachParameter { _, parameter in
      parameter.adam(
        step, firstMoment: &first[index], secondMoment: &second[index], gradient: gradients.tensors[index])
      index += 1
    }
  }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.integer("steps", &steps)
    visitMoments("first", &first, &visitor)
    visitMoments("second", &second, &visitor)
  }
}

private func visitMoments(_ name: String, _ moments: inout [Tensor], _ visitor: inout some ModuleVisitor) {
  visitor.enter(name)
  for index in moments.indices { visitor.buffer(String(index), &moments[index]) }
  visitor.leave()
}

/// `base` to a whole power, by repeated squaring.
private func power(_ base: Double, _ exponent: Int) -> Double {
  var result = 1.0
  var square = base
  var left = exponent
  while left > 0 {
    if left & 1 == 1 { result *= square }
    square *= square
    left >>= 1
  }
  return result
}
