import Kernels
import Layers
import Tensors

/// Single operations at the shapes of a table. `Benchmarks/peers/operations.py` measures the same rows in PyTorch.
struct KernelBenchmarks {
  let stopwatch: Stopwatch

  /// The median seconds of each direction of a row.
  func seconds(_ shape: KernelShape) throws -> [String: Double] {
    switch shape.kind {
    case .product: return try product(m: shape.number(\.m, "m"), n: shape.number(\.n, "n"), k: shape.number(\.k, "k"))
    case .convolution: return try convolution(shape.geometry())
    case .groupNormAndSiLU:
      let norm = try GroupNorm(groups: shape.number(\.groups, "groups"), channels: channels(shape))
      return try layer(NormAndSiLU(norm: norm), shape)
    case .linearAttention:
      return try attention(shape) { LinearImageAttention($0, heads: $1, headWidth: $2, random: &$3) }
    case .fullAttention:
      return try attention(shape) { ImageAttention($0, heads: $1, headWidth: $2, random: &$3) }
    case .adam: return try adam(count: shape.number(\.count, "count"))
    }
  }

  private func numbers(_ count: Int) -> [Float] {
    var random = RandomStream(seed: 1)
    return (0..<count).map { _ in random.normal() }
  }

  private func product(m: Int, n: Int, k: Int) -> [String: Double] {
    let (a, b) = (numbers(m * k), numbers(k * n))
    var c = [Float](repeating: 0, count: m * n)
    let seconds = stopwatch.median {
      multiplyMatrices(
        batch: 1, m: m, n: n, k: k, a: a, transposeA: false, strideA: 0, b: b, transposeB: false, strideB: 0,
        bias: nil, c: &c, strideC: 0)
    }
    return ["forward": seconds]
  }

  private func convolution(_ g: ConvolutionGeometry) -> [String: Double] {
    let input = numbers(g.batch * g.inputHeight * g.inputWidth * g.inputChannels)
    let weight = numbers(g.kernelHeight * g.kernelWidth * g.inputChannels * g.outputChannels)
    let outputGradient = numbers(g.batch * g.outputHeight * g.outputWidth * g.outputChannels)
    var output = outputGradient
    var (inputGradient, weightGradient) = (input, weight)
    return [
      "forward": stopwatch.median { convolve(g, input: input, weight: weight, bias: nil, output: &output) },
      "input gradient": stopwatch.median {
        convolveInputGradient(g, outputGradient: outputGradient, weight: weight, inputGradient: &inputGradient)
      },
      "weight gradient": stopwatch.median {
        convolveWeightGradient(g, input: input, outputGradient: outputGradient, weightGradient: &weightGradient)
      },
    ]
  }

  private func adam(count: Int) -> [String: Double] {
    let step = AdamStep(
      gradientScale: 1, learningRate: 1e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, correction1: 1, correction2: 1,
      decay: 0)
    let gradients = numbers(count)
    var (parameters, first, second) = (gradients, gradients, gradients.map { $0 * $0 })
    let seconds = stopwatch.median {
      Kernels.adam(
        step, count: count, parameters: &parameters, firstMoment: &first, secondMoment: &second, gradients: gradients)
    }
    return ["forward": seconds]
  }

  private func channels(_ shape: KernelShape) throws -> Int { try shape.number(\.channels, "channels") }

  private func attention<L: Layer>(
    _ shape: KernelShape, _ make: (Int, Int, Int, inout RandomStream) -> L
  ) throws -> [String: Double] {
    var random = RandomStream(seed: 2)
    let made = try make(
      channels(shape), shape.number(\.heads, "heads"), shape.number(\.headWidth, "head_width"), &random)
    return try layer(made, shape)
  }

  /// Calling a layer, and calling and differentiating it in its input and weights; less what it costs to make the gradient
  /// that arrives at the layer, which PyTorch is given.
  private func layer(_ layer: some Layer, _ shape: KernelShape) throws -> [String: Double] {
    let side = try shape.number(\.side, "side")
    var random = RandomStream(seed: 3)
    let images = try random.normal([shape.number(\.batch, "batch"), side, side, channels(shape)])
    let weights = random.normal(layer(images).shape)
    func differentiation(_ layer: some Layer) -> Double {
      var fed = FedLayer(layer: layer, input: images)
      return stopwatch.median { _ = valueAndGradient(of: &fed) { ($0.layer($0.input) * weights).mean() } }
    }
    return [
      "forward": stopwatch.median { _ = layer(images) },
      "forward and backward": differentiation(layer) - differentiation(Nothing()),
    ]
  }
}

/// A layer with its input as one more parameter, so that both are differentiated.
private struct FedLayer<L: Layer>: Module {
  var layer: L
  var input: Tensor

  mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("layer", &layer)
    visitor.parameter("input", &input)
  }
}

private struct Nothing: Layer {
  func callAsFunction(_ input: Tensor) -> Tensor { input }

  mutating func visit(_ visitor: inout some ModuleVisitor) {}
}

private struct NormAndSiLU: Layer {
  var norm: GroupNorm

  func callAsFunction(_ input: Tensor) -> Tensor { norm.activated(input) }

  mutating func visit(_ visitor: inout some ModuleVisitor) { visitor.child("norm", &norm) }
}
