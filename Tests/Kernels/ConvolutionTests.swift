import LineupKernels
import LineupTestSupport
import Testing

/// One convolution with random operands, runnable in all three directions.
struct ConvolutionCase: CustomTestStringConvertible {
  let geometry: ConvolutionGeometry
  let input: [Float]
  let weight: [Float]
  let bias: [Float]
  let outputGradient: [Float]

  init(_ g: ConvolutionGeometry, seed: UInt64) {
    var random = SmallRandom(seed)
    geometry = g
    input = random.floats(g.batch * g.inputHeight * g.inputWidth * g.inputChannels)
    weight = random.floats(g.kernelHeight * g.kernelWidth * g.inputChannels * g.outputChannels)
    bias = random.floats(g.outputChannels)
    outputGradient = random.floats(g.batch * g.outputHeight * g.outputWidth * g.outputChannels)
  }

  var testDescription: String { "\(geometry)" }

  func forward(bias: [Float]? = nil) -> [Float] {
    var output = [Float](repeating: .nan, count: outputGradient.count)
    if let bias {
      convolve(geometry, input: input, weight: weight, bias: bias, output: &output)
    } else {
      convolve(geometry, input: input, weight: weight, bias: nil, output: &output)
    }
    return output
  }

  func inputGradient() -> [Float] {
    var gradient = [Float](repeating: .nan, count: input.count)
    convolveInputGradient(geometry, outputGradient: outputGradient, weight: weight, inputGradient: &gradient)
    return gradient
  }

  func weightGradient() -> [Float] {
    var gradient = [Float](repeating: .nan, count: weight.count)
    convolveWeightGradient(geometry, input: input, outputGradient: outputGradient, weightGradient: &gradient)
    return gradient
  }

  /// The largest of the errors of the three directions against float64 loops.
  func errors() -> (forward: Double, inputGradient: Double, weightGradient: Double) {
    (
      ReferenceKernels.relativeError(
        forward(bias: bias), ReferenceKernels.convolve(geometry, input: input, weight: weight, bias: bias)),
      ReferenceKernels.relativeError(
        inputGradient(),
        ReferenceKernels.convolveInputGradient(geometry, outputGradient: outputGradient, weight: weight)),
      ReferenceKernels.relativeError(
        weightGradient(),
        ReferenceKernels.convolveWeightGradient(geometry, input: input, outputGradient: outputGradient))
    )
  }
}

extension ConvolutionGeometry {
  /// A square geometry with equal padding on all sides.
  static func square(
    batch: Int, size: Int, from input: Int, to output: Int, kernel: Int, stride: Int = 1, pad: Int? = nil
  ) -> Self {
    let pad = pad ?? kernel / 2
    return Self(
      batch: batch, inputHeight: size, inputWidth: size, inputChannels: input, outputChannels: output,
      kernelHeight: kernel, kernelWidth: kernel, strideHeight: stride, strideWidth: stride, padTop: pad,
      padBottom: pad, padLeft: pad, padRight: pad)
  }

  /// Anything that fits: kernels 1–7, strides 1–3, uneven padding up to the kernel, odd sizes, single channels and images.
  static func random(_ random: inout SmallRandom) -> Self {
    let kernel = (random.integer(1...7), random.integer(1...7))
    let pads = (0..<4).map { random.integer(0...(($0 < 2 ? kernel.0 : kernel.1) - 1)) }
    return Self(
      batch: random.integer(1...3), inputHeight: random.integer(max(1, kernel.0 - pads[0] - pads[1])...13),
      inputWidth: random.integer(max(1, kernel.1 - pads[2] - pads[3])...13), inputChannels: random.integer(1...9),
      outputChannels: random.integer(1...9), kernelHeight: kernel.0, kernelWidth: kernel.1,
      strideHeight: random.integer(1...3), strideWidth: random.integer(1...3), padTop: pads[0], padBottom: pads[1],
      padLeft: pads[2], padRight: pads[3])
  }
}

@Suite struct ConvolutionTests {
  @Test(arguments: 0..<80) func randomGeometriesAgreeWithPlainLoops(seed: Int) {
    var random = SmallRandom(UInt64(seed))
    let errors = ConvolutionCase(.random(&random), seed: UInt64(seed)).errors()
    #expect(errors.forward < 1e-5)
    #expect(errors.inputGradient < 1e-5)
    #expect(errors.weightGradient < 1e-5)
  }

  /// Shapes of the networks, each of which may have an algorithm of its own.
  @Test(arguments: [
    ConvolutionGeometry.square(batch: 2, size: 14, from: 24, to: 48, kernel: 3),
    .square(batch: 3, size: 7, from: 48, to: 96, kernel: 3),
    .square(batch: 5, size: 4, from: 96, to: 40, kernel: 3),
    .square(batch: 2, size: 9, from: 33, to: 31, kernel: 3, pad: 0),
    .square(batch: 2, size: 6, from: 32, to: 32, kernel: 3, pad: 2),
    .square(batch: 2, size: 17, from: 8, to: 8, kernel: 3),
    .square(batch: 2, size: 28, from: 1, to: 32, kernel: 4, stride: 2, pad: 1),
    .square(batch: 2, size: 14, from: 32, to: 64, kernel: 4, stride: 2, pad: 1),
    .square(batch: 2, size: 28, from: 28, to: 1, kernel: 3),
    .square(batch: 2, size: 28, from: 1, to: 28, kernel: 7),
    .square(batch: 7, size: 14, from: 24, to: 33, kernel: 1),
    .square(batch: 2, size: 14, from: 24, to: 33, kernel: 1, stride: 2),
    .square(batch: 1, size: 1, from: 40, to: 40, kernel: 3),
    .square(batch: 30, size: 13, from: 3, to: 5, kernel: 3),
    .square(batch: 5, size: 7, from: 20, to: 33, kernel: 7, pad: 0),
    .square(batch: 2, size: 12, from: 20, to: 3, kernel: 3),
    .square(batch: 2, size: 12, from: 40, to: 1, kernel: 5, pad: 4),
    .square(batch: 2, size: 13, from: 2, to: 40, kernel: 5, stride: 3, pad: 4),
    // Small batches and large weights, which are dealt out to threads in other ways.
    .square(batch: 1, size: 16, from: 96, to: 80, kernel: 3, stride: 2),
    .square(batch: 1, size: 33, from: 3, to: 32, kernel: 3),
    .square(batch: 20, size: 4, from: 260, to: 300, kernel: 3, stride: 2),
    .square(batch: 1, size: 16, from: 250, to: 270, kernel: 1),
    // Winograd: wide layers go through other loops, very wide ones in slices; few tiles; borders of all kinds.
    .square(batch: 5, size: 8, from: 130, to: 140, kernel: 3),
    .square(batch: 80, size: 4, from: 130, to: 140, kernel: 3),
    .square(batch: 33, size: 8, from: 130, to: 140, kernel: 3),
    .square(batch: 1, size: 8, from: 320, to: 300, kernel: 3),
    .square(batch: 1, size: 4, from: 70, to: 90, kernel: 3),
    .square(batch: 3, size: 13, from: 16, to: 17, kernel: 3),
    .square(batch: 70, size: 7, from: 16, to: 16, kernel: 3),
    .square(batch: 20, size: 7, from: 130, to: 140, kernel: 3),
    .square(batch: 18, size: 7, from: 200, to: 190, kernel: 3),
    .square(batch: 2, size: 18, from: 24, to: 40, kernel: 3, pad: 0),
    .square(batch: 1, size: 28, from: 28, to: 56, kernel: 3),
    .square(batch: 4, size: 8, from: 128, to: 96, kernel: 4, stride: 2, pad: 1),
    .square(batch: 3, size: 15, from: 20, to: 33, kernel: 4, stride: 2, pad: 1),
    .square(batch: 3, size: 13, from: 20, to: 33, kernel: 4, stride: 2, pad: 0),
    .square(batch: 3, size: 14, from: 33, to: 20, kernel: 4, stride: 2, pad: 3),
    .square(batch: 40, size: 8, from: 32, to: 28, kernel: 4, stride: 2, pad: 2),
    // Patches: few tiles, strides, borders as wide as the kernel, an image and a batch that take several turns.
    .square(batch: 1, size: 4, from: 270, to: 260, kernel: 3),
    .square(batch: 3, size: 7, from: 200, to: 150, kernel: 3, stride: 2),
    .square(batch: 1, size: 1, from: 170, to: 180, kernel: 3),
    .square(batch: 2, size: 5, from: 165, to: 163, kernel: 4, stride: 3, pad: 3),
    .square(batch: 1, size: 18, from: 165, to: 160, kernel: 5),
    .square(batch: 5, size: 13, from: 165, to: 160, kernel: 3, stride: 2, pad: 0),
    // Slices that begin in the middle of a phase.
    .square(batch: 1, size: 12, from: 165, to: 150, kernel: 4, stride: 2, pad: 1),
  ])
  func networkShapesAgreeWithPlainLoops(geometry: ConvolutionGeometry) {
    let errors = ConvolutionCase(geometry, seed: 7).errors()
    #expect(errors.forward < 1e-4)
    #expect(errors.inputGradient < 1e-4)
    #expect(errors.weightGradient < 1e-4)
  }

  /// Small shapes for each algorithm, quick enough for an emulated processor.
  @Test(arguments: [
    ConvolutionGeometry.square(batch: 2, size: 9, from: 17, to: 33, kernel: 3),
    .square(batch: 1, size: 8, from: 140, to: 131, kernel: 3),
    .square(batch: 2, size: 7, from: 20, to: 33, kernel: 4, stride: 2, pad: 1),
    .square(batch: 2, size: 9, from: 5, to: 40, kernel: 3, stride: 2),
    .square(batch: 1, size: 3, from: 170, to: 161, kernel: 3, stride: 2),
    .square(batch: 2, size: 6, from: 40, to: 3, kernel: 3),
    .square(batch: 3, size: 5, from: 24, to: 33, kernel: 1),
    .square(batch: 3, size: 5, from: 24, to: 1, kernel: 1),
  ])
  func eachAlgorithmAgreesWithPlainLoops(geometry: ConvolutionGeometry) {
    let errors = ConvolutionCase(geometry, seed: 8).errors()
    #expect(errors.forward < 1e-4)
    #expect(errors.inputGradient < 1e-4)
    #expect(errors.weightGradient < 1e-4)
  }

  /// ⟨conv(x), y⟩ = ⟨x, convᵀ(y)⟩ = ⟨weight, weight gradient⟩.
  @Test(arguments: 0..<20) func theThreeDirectionsAreAdjoint(seed: Int) {
    var random = SmallRandom(UInt64(1000 + seed))
    let c = ConvolutionCase(.random(&random), seed: UInt64(seed))
    func dot(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
    let forward = dot(c.forward(), c.outputGradient)
    let size = 1e-4 * Double(c.geometry.multiplyAdds).squareRoot() + 1e-6
    #expect(abs(forward - dot(c.input, c.inputGradient())) < size)
    #expect(abs(forward - dot(c.weight, c.weightGradient())) < size)
  }

  /// Many tiles may be taken in other loops than few, but an image's result is the same to the last bit in any batch.
  @Test(arguments: [
    ConvolutionGeometry.square(batch: 33, size: 8, from: 130, to: 140, kernel: 3),
    .square(batch: 40, size: 14, from: 60, to: 130, kernel: 4, stride: 2, pad: 1),
    .square(batch: 140, size: 4, from: 128, to: 128, kernel: 3),
  ])
  func imagesDoNotDependOnTheirBatch(geometry: ConvolutionGeometry) {
    let all = ConvolutionCase(geometry, seed: 3)
    let together = all.forward(bias: all.bias)
    var one = geometry
    one.batch = 1
    let (inputSize, outputSize) = (all.input.count / geometry.batch, together.count / geometry.batch)
    for image in [0, geometry.batch / 2, geometry.batch - 1] {
      var alone = [Float](repeating: .nan, count: outputSize)
      convolve(
        one, input: Array(all.input[image * inputSize..<(image + 1) * inputSize]), weight: all.weight, bias: all.bias,
        output: &alone)
      #expect(alone == Array(together[image * outputSize..<(image + 1) * outputSize]))
    }
  }

  @Test func anEmptyBatchIsNoWork() {
    let c = ConvolutionCase(.square(batch: 0, size: 5, from: 3, to: 4, kernel: 3), seed: 1)
    #expect(c.forward(bias: c.bias).isEmpty)
    #expect(c.inputGradient().isEmpty)
    #expect(c.weightGradient() == [Float](repeating: 0, count: 3 * 3 * 3 * 4))
    let wide = ConvolutionCase(.square(batch: 0, size: 5, from: 170, to: 160, kernel: 3), seed: 1)
    #expect(wide.forward().isEmpty && wide.inputGradient().isEmpty)
    #expect(wide.weightGradient().allSatisfy { $0 == 0 })
  }
}
