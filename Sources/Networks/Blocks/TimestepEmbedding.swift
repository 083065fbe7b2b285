import LineupKernels
import LineupTensors

/// The embedding of a noise level: numbers made of the timestep, through a small perceptron, and where there are classes a
/// learned vector for the image's class added. The walk's names are those of diffusers' U-Nets in camel case.
package struct TimestepEmbedding: Module {
  /// What is made of a timestep before the perceptron.
  package enum Features: Sendable, Hashable {
    /// Sines and cosines of fixed frequencies; see `sinusoidalEmbedding`.
    case sinusoids(order: SinusoidOrder, shift: Float)
    /// Sines and cosines of random frequencies with a standard deviation, of the timestep or of its logarithm (Song et
    /// al. 2021).
    case fourier(deviation: Float, ofLogarithm: Bool, order: SinusoidOrder)
    /// A learned vector for each of so many timesteps.
    case learned(count: Int)
  }

  package struct Options: Sendable, Hashable {
    package var features: Features
    /// Width of the features.
    package var inputs: Int
    /// Width of the embedding.
    package var width: Int
    /// Between the two layers of the perceptron.
    package var activation: Activation
    /// After the perceptron. [timestep_post_act]
    package var perceptronActivation: Activation?
    /// The number of classes; nil where images have none. [num_class_embeds]
    package var classes: Int?
    /// After all. [time_embedding_act_fn]
    package var outputActivation: Activation?

    package init(features: Features, inputs: Int, width: Int, activation: Activation = .silu) {
      (self.features, self.inputs, self.width) = (features, inputs, width)
      self.activation = activation
    }
  }

  let options: Options
  /// The random frequencies, never trained.
  var frequencies: Tensor?
  var table: Embedding?
  var linear1: Linear
  var linear2: Linear
  var classTable: Embedding?

  package init(_ options: Options, random: inout RandomStream) {
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
    classTable = options.classes.map {
      Embedding($0, width: options.width, initializer: .normal(deviation: 1), random: &random)
    }
  }

  /// `[timesteps.count, width]`. An embedding with classes needs the class of each image, and one without takes none.
  package func callAsFunction(_ timesteps: [Float], classLabels: [Int]? = nil) -> Tensor {
    var embedding = linear2(options.activation(linear1(features(of: timesteps))))
    if let activation = options.perceptronActivation { embedding = activation(embedding) }
    if let vectors = classVectors(classLabels, images: timesteps.count) { embedding = embedding + vectors }
    return options.outputActivation?(embedding) ?? embedding
  }

  /// `[images, width]`.
  private func classVectors(_ labels: [Int]?, images: Int) -> Tensor? {
    require(
      (labels != nil) == (classTable != nil),
      classTable == nil
        ? "a network without classes was given class labels"
        : "a network with classes needs a class label for each image")
    guard let labels, let classTable, let classes = options.classes else { return nil }
    require(
      labels.count == images && labels.allSatisfy { (0..<classes).contains($0) },
      "class labels \(labels) do not fit \(images) images of \(classes) classes")
    return classTable(labels.map { Int32($0) })
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

  package mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.enter("timeProj")
    visitor.buffer("weight", &frequencies)
    visitor.leave()
    visitor.child("timeProj", &table)
    visitor.enter("timeEmbedding")
    visitor.child("linear_1", &linear1)
    visitor.child("linear_2", &linear2)
    visitor.leave()
    visitor.child("classEmbedding", &classTable)
  }
}
