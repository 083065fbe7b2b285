import CKernels

/// Convolution: output [b, oh, ow, cout] = input [b, ih, iw, cin] ∗ weight [kh, kw, cin, cout], plus `bias` [cout].
///
/// As everywhere in neural networks this is the correlation: the kernel is not flipped. `output` is overwritten.
public func convolve(
  _ g: ConvolutionGeometry, input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
  output: UnsafeMutablePointer<Float>
) {
  ExecutedWork.add(multiplyAdds: g.multiplyAdds)
  switch ConvolutionAlgorithm.choose(for: g) {
  case .product: PointwiseConvolution(g).forward(input: input, weight: weight, bias: bias, output: output)
  case .windows: WindowConvolution(g).forward(input: input, weight: weight, bias: bias, output: output)
  case .winograd: WinogradConvolution(g).forward(input: input, weight: weight, bias: bias, output: output)
  }
}

/// The adjoint of `convolve` in its input: inputGradient [b, ih, iw, cin], overwritten, from outputGradient
/// [b, oh, ow, cout] and weight [kh, kw, cin, cout]. This also is the forward pass of the transposed convolution.
public func convolveInputGradient(
  _ g: ConvolutionGeometry, outputGradient: UnsafePointer<Float>, weight: UnsafePointer<Float>,
  inputGradient: UnsafeMutablePointer<Float>
) {
  ExecutedWork.add(multiplyAdds: g.multiplyAdds)
  switch ConvolutionAlgorithm.choose(for: g) {
  case .product:
    PointwiseConvolution(g).inputGradient(
      outputGradient: outputGradient, weight: weight, inputGradient: inputGradient)
  case .windows:
    WindowConvolution(g).inputGradient(outputGradient: outputGradient, weight: weight, inputGradient: inputGradient)
  case .winograd:
    // With stride 1 the adjoint is a convolution as well, with the kernel turned by 180° and its matrices transposed.
    let flipped = Scratch.floats(g.patchLength * g.outputChannels, for: .flippedWeight)
    ck_flip_weight(g.kernelHeight * g.kernelWidth, g.inputChannels, g.outputChannels, weight, flipped)
    WinogradConvolution(g.adjoint).forward(input: outputGradient, weight: flipped, bias: nil, output: inputGradient)
  }
}

/// The adjoint of `convolve` in its weight: weightGradient [kh, kw, cin, cout], overwritten, from input
/// [b, ih, iw, cin] and outputGradient [b, oh, ow, cout].
public func convolveWeightGradient(
  _ g: ConvolutionGeometry, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
  weightGradient: UnsafeMutablePointer<Float>
) {
  ExecutedWork.add(multiplyAdds: g.multiplyAdds)
  switch ConvolutionAlgorithm.choose(for: g) {
  case .product:
    PointwiseConvolution(g).weightGradient(
      input: input, outputGradient: outputGradient, weightGradient: weightGradient)
  case .windows:
    WindowConvolution(g).weightGradient(input: input, outputGradient: outputGradient, weightGradient: weightGradient)
  case .winograd:
    WinogradConvolution(g).weightGradient(input: input, outputGradient: outputGradient, weightGradient: weightGradient)
  }
}
