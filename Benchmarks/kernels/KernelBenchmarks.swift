import LineupKernels
import LineupNetworks
import LineupTensors

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

  private func product(m: Int, n: Int, k: Int) -> [String: Double] {
    let (a, b, c) = (Numbers(m * k), Numbers(k * n), Numbers(m * n))
    let seconds = stopwatch.median {
      multiplyMatrices(
        batch: 1, m: m, n: n, k: k, a: a.floats, transposeA: false, strideA: 0, b: b.floats, transposeB: false,
        strideB: 0, bias: nil, c: c.floats, strideC: 0)
    }
    return ["forward": seconds]
  }

  private func convolution(_ g: ConvolutionGeometry) -> [String: Double] {
    let (inputs, outputs) = (
      g.batch * g.inputHeight * g.inputWidth * g.inputChannels,
      g.batch * g.outputHeight * g.outputWidth * g.outputChannels
    )
    let weights = g.kernelHeight * g.kernelWidth * g.inputChannels * g.outputChannels
    let (input, weight, outputGradient) = (Numbers(inputs), Numbers(weights), Numbers(outputs))
    let (inputGradient, weightGradient, output) = (Numbers(inputs), Numbers(weights), Numbers(outputs))
    return [
      "forward": stopwatch.median {
        convolve(g, input: input.floats, weight: weight.floats, bias: nil, output: output.floats)
      },
      "input gradient": stopwatch.median {
        convolveInputGradient(
          g, outputGradient: outputGradient.floats, weight: weight.floats, inputGradient: inputGradient.floats)
      },
      "weight gradient": stopwatch.median {
        convolveWeightGradient(
          g, input: input.floats, outputGradient: outputGradient.floats, weightGradient: weightGradient.floats)
      },
    ]
  }

  private func adam(count: Int) -> [String: Double] {
    let step = AdamStep(
      gradientScale: 1, learningRate: 1e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, correction1: 1, correction2: 1,
      decay: 0)
    let (gradients, parameters, first, second) = (Numbers(count), Numbers(count), Numbers(count), Numbers(count))
    for place in 0..<count { second.floats[place] *= second.floats[place] }
    let seconds = stopwatch.median {
      LineupKernels.adam(
        step, count: count, parameters: parameters.floats, firstMoment: first.floats, secondMoment: second.floats,
        gradients: gradients.floats)
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

/// Normal numbers in memory like that of tensors.
private final class Numbers {
  let floats: UnsafeMutablePointer<Float>
  private let count: Int

  init(_ count: Int) {
    self.count = count
    floats = Arena.allocate(bytes: count * MemoryLayout<Float>.stride).bindMemory(to: Float.self, capacity: count)
    var random = RandomStream(seed: 1)
    for place in 0..<count { floats[place] = random.normal() }
  }

  deinit { Arena.discard(floats, bytes: count * MemoryLayout<Float>.stride) }
}
