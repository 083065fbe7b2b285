import Kernels
import Tensors

/// The embedding of a noise level: numbers made of the timestep, through a small perceptron. The walk's names are those of
/// diffusers' U-Nets in camel case.
public struct TimestepEmbedding: Module {
  /// What is made of a timestep before the perceptron.
  public enum Features: Sendable, Hashable {
    /// Sines and cosines of fixed frequencies; see `sinusoidalEmbedding`.
    case sinusoids(order: SinusoidOrder, shift: Float)
    /// Sines and cosines of random frequencies with a standard deviation, of the timestep or of its logarithm (Song et
    /// al. 2021).
    case fourier(deviation: Float, ofLogarithm: Bool, order: SinusoidOrder)
    /// A learned vector for each of so many timesteps.
    case learned(count: Int)
  }

  public struct Options: Sendable, Hashable {
    public var features: Features
    /// Width of the features.
    public var inputs: Int
    /// Width of the embedding.
    public var width: Int
    /// Between the two layers of the perceptron.
    public var activation: Activation
    /// After the perceptron, one after the other.
    public var outputActivations: [Activation]

    public init(
      features: Features, inputs: Int, width: Int, activation: Activation = .silu, outputActivations: [Activation] = []
    ) {
      (self.features, self.inputs, self.width) = (features, inputs, width)
      (self.activation, self.outputActivations) = (activation, outputActivations)
    }
  }

  let options: Options
  /// The random frequencies, never trained.
  var frequencies: Tensor?
  var table: Embedding?
  var linear1: Linear
  var linear2: Linear

  public init(_ options: Options, random: inout RandomStream) {
    self.options = options
    switch options.features {
    case .sinusoids: break
    case .fourier(let deviation, _, _):
      frequencies = Initializer.normal(deviation: deviation)([options.inputs / 2], fanIn: 1, &random)
    case .learned(let count):
      table = Embedding(count, width: options.inputs, initializer: .normal(deviation: 1), random: &random)
    }
    linear1 = Linear(options.inputs, to: options.width, random: &random)
    linear2 = Linear(options.width, to: options.width, random: &random)
  }

  /// `[timesteps.count, width]`.
  public func callAsFunction(_ timesteps: [Float]) -> Tensor {
    let embedding = linear2(options.activation(linear1(features(of: timesteps))))
    return options.outputActivations.reduce(embedding) { $1($0) }
  }

  /// `[timesteps.count, inputs]`.
  private func features(of timesteps: [Float]) -> Tensor {
    switch options.features {
    case .sinusoids(let order, let shift):
      return sinusoidalEmbedding(timesteps, width: options.inputs, order: order, shift: shift)
    case .fourier(_, let ofLogarithm, let order):
      let levels = ofLogarithm ? timesteps.map(scalarLog) : timesteps
      let frequencies = frequencies!.values
      return sinesAndCosines(order: order, width: options.inputs, rows: levels.count) { row, index in
        // The nearest number to π, which `Float.pi` is not; angles are so large that the difference would show.
        levels[row] * frequencies[index] * 2 * 3.141_592_74
      }
    case .learned:
      return table!(timesteps.map { Int32($0) })
    }
  }

  public mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.enter("timeProj")
    visitor.buffer("weight", &frequencies)
    visitor.leave()
    visitor.child("timeProj", &table)
    visitor.enter("timeEmbedding")
    visitor.child("linear_1", &linear1)
    visitor.child("linear_2", &linear2)
    visitor.leave()
  }
}
