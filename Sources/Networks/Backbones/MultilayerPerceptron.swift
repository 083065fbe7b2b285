import LineupKernels
import LineupTensors

/// Fully connected layers with leaky rectifiers between them and nothing after the last: vectors to vectors.
public struct MultilayerPerceptron: Layer {
  var layers: [Linear]
  /// The slope of the rectifiers below zero.
  public let slope: Float

  /// - Parameter widths: the numbers of inputs, of each hidden layer's outputs, and of outputs.
  public init(widths: [Int], slope: Float = 0.2, random: RandomStream) {
    require(widths.count >= 2, "a perceptron needs a number of inputs and one of outputs, not \(widths)")
    layers = widths.indices.dropLast().map { index in
      var stream = random.split(index)
      return Linear(
        widths[index], to: widths[index + 1],
        initializer: index + 2 == widths.count ? .lecunNormal : .heNormal, random: &stream)
    }
    self.slope = slope
  }

  /// `[batch, widths.first]` to `[batch, widths.last]`.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    let last = layers.count - 1
    return layers[last](layers[..<last].reduce(input) { leakyRelu($1($0), slope: slope) })
  }

  /// Shows everything stored, each under its property's name.
  public mutating func visit(_ visitor: inout some ModuleVisitor) { visitor.children("layers", &layers) }
}
