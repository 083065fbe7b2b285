import Kernels
import Tensors

/// Products, convolutions and fused loops at the shapes of the families' networks.
enum KernelBenchmarks {
  static func run(_ stopwatch: Stopwatch, report: (Measurement) -> Void) {
    products(stopwatch, report)
    convolutions(stopwatch, report)
    loops(stopwatch, report)
  }

  private static func numbers(_ count: Int) -> [Float] {
    var random = RandomStream(seed: 1)
    return (0..<count).map { _ in random.normal() }
  }

  /// C [m, n] = A [m, k] · B [k, n].
  private static func products(_ stopwatch: Stopwatch, _ report: (Measurement) -> Void) {
    for (m, n, k) in [(1024, 1024, 1024), (6272, 24, 216), (6272, 48, 48), (2048, 96, 96), (64, 256, 3136)] {
      let (a, b) = (numbers(m * k), numbers(k * n))
      var c = [Float](repeating: 0, count: m * n)
      report(
        stopwatch.products("matrix product", "\(m)×\(n), inner \(k)", multiplyAdds: m * n * k) {
          multiplyMatrices(
            batch: 1, m: m, n: n, k: k, a: a, transposeA: false, strideA: 0, b: b, transposeB: false, strideB: 0,
            bias: nil, c: &c, strideC: 0)
        })
    }
  }

  /// Images `[batch, side, side, in]`, a square kernel and a stride, in all three directions.
  private struct Shape {
    var batch, side, inputs, outputs, kernel, stride: Int

    var geometry: ConvolutionGeometry {
      // As much padding as keeps the size, or halves it.
      let padding = kernel - stride
      return ConvolutionGeometry(
        batch: batch, inputHeight: side, inputWidth: side, inputChannels: inputs, outputChannels: outputs,
        kernelHeight: kernel, kernelWidth: kernel, strideHeight: stride, strideWidth: stride, padTop: padding / 2,
        padBottom: padding - padding / 2, padLeft: padding / 2, padRight: padding - padding / 2)
    }

    var name: String { "\(batch)×\(side)×\(side), \(inputs) → \(outputs), kernel \(kernel), stride \(stride)" }
  }

  private static let shapes = [
    Shape(batch: 32, side: 14, inputs: 24, outputs: 24, kernel: 3, stride: 1),
    Shape(batch: 32, side: 7, inputs: 48, outputs: 48, kernel: 3, stride: 1),
    Shape(batch: 32, side: 8, inputs: 48, outputs: 96, kernel: 3, stride: 1),
    Shape(batch: 32, side: 32, inputs: 8, outputs: 8, kernel: 3, stride: 1),
    Shape(batch: 32, side: 14, inputs: 48, outputs: 24, kernel: 1, stride: 1),
    Shape(batch: 64, side: 28, inputs: 1, outputs: 32, kernel: 4, stride: 2),
    Shape(batch: 64, side: 14, inputs: 32, outputs: 64, kernel: 4, stride: 2),
  ]

  private static func convolutions(_ stopwatch: Stopwatch, _ report: (Measurement) -> Void) {
    for shape in shapes {
      let g = shape.geometry
      let input = numbers(g.batch * g.inputHeight * g.inputWidth * g.inputChannels)
      let weight = numbers(g.kernelHeight * g.kernelWidth * g.inputChannels * g.outputChannels)
      let outputGradient = numbers(g.batch * g.outputHeight * g.outputWidth * g.outputChannels)
      var output = outputGradient
      var (inputGradient, weightGradient) = (input, weight)
      report(
        stopwatch.products("convolution", "\(shape.name)", multiplyAdds: g.multiplyAdds) {
          convolve(g, input: input, weight: weight, bias: nil, output: &output)
        })
      report(
        stopwatch.products("convolution", "  its gradient to the input", multiplyAdds: g.multiplyAdds) {
          convolveInputGradient(g, outputGradient: outputGradient, weight: weight, inputGradient: &inputGradient)
        })
      report(
        stopwatch.products("convolution", "  its gradient to the weight", multiplyAdds: g.multiplyAdds) {
          convolveWeightGradient(g, input: input, outputGradient: outputGradient, weightGradient: &weightGradient)
        })
    }
  }

  private static func loops(_ stopwatch: Stopwatch, _ report: (Measurement) -> Void) {
    var random = RandomStream(seed: 2)
    let images = random.normal([32, 28, 28, 32])
    let (scale, offset) = (Tensor.ones([32]), Tensor.zeros([32]))
    report(
      stopwatch.elements("loop", "group normalisation and SiLU, 32×28×28×32", count: images.count) {
        _ = silu(images.normalized(over: .groups(4), scale: scale, offset: offset, epsilon: 1e-5))
      })
    report(stopwatch.elements("loop", "SiLU alone, 32×28×28×32", count: images.count) { _ = silu(images) })
    let scores = random.normal([32, 4, 196, 196])
    report(stopwatch.elements("loop", "softmax, rows of 196", count: scores.count) { _ = scores.softmax() })
    let step = AdamStep(
      gradientScale: 1, learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, correction1: 1, correction2: 1,
      decay: 0)
    let gradients = numbers(1_000_000)
    var (parameters, first, second) = (gradients, gradients, gradients.map { $0 * $0 })
    report(
      stopwatch.elements("loop", "Adam, a million parameters", count: gradients.count) {
        adam(
          step, count: gradients.count, parameters: &parameters, firstMoment: &first, secondMoment: &second,
          gradients: gradients)
      })
  }
}
