import CLineupKernels

/// Convolution: output [b, oh, ow, cout] = input [b, ih, iw, cin] ∗ weight [kh, kw, cin, cout], plus `bias` [cout].
///
/// As everywhere in neural networks this is the correlation: the kernel is not flipped. `output` is overwritten.
package func convolve(
  _ g: ConvolutionGeometry, input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
  output: UnsafeMutablePointer<Float>
) {
  ExecutedWork.add(multiplyAdds: g.multiplyAdds)
  switch ConvolutionAlgorithm.forward(g) {
  case .product: ProductConvolution(g).forward(input: input, weight: weight, bias: bias, output: output)
  case .windows: WindowConvolution(g).forward(input: input, weight: weight, bias: bias, output: output)
  case .patches: PatchConvolution(g).forward(input: input, weight: weight, bias: bias, output: output)
  case .winograd: WinogradConvolution(g).forward(input: input, weight: weight, bias: bias, output: output)
  case .scatter:
    // A convolution with stride 1 is the adjoint of its adjoint.
    ScatterConvolution(g.adjoint).inputGradient(
      outputGradient: input, weight: flipped(weight, g), bias: bias, inputGradient: output)
  }
}

/// The adjoint of `convolve` in its input: inputGradient [b, ih, iw, cin], overwritten, from outputGradient
/// [b, oh, ow, cout] and weight [kh, kw, cin, cout]. This also is the forward pass of the transposed convolution.
package func convolveInputGradient(
  _ g: ConvolutionGeometry, outputGradient: UnsafePointer<Float>, weight: UnsafePointer<Float>,
  inputGradient: UnsafeMutablePointer<Float>
) {
  ExecutedWork.add(multiplyAdds: g.multiplyAdds)
  switch ConvolutionAlgorithm.inputGradient(of: g) {
  case .product:
    ProductConvolution(g).inputGradient(
      outputGradient: outputGradient, weight: weight, inputGradient: inputGradient)
  case .windows:
    WindowConvolution(g).inputGradient(outputGradient: outputGradient, weight: weight, inputGradient: inputGradient)
  case .patches:
    PatchConvolution(g).inputGradient(outputGradient: outputGradient, weight: weight, inputGradient: inputGradient)
  case .scatter:
    ScatterConvolution(g).inputGradient(outputGradient: outputGradient, weight: weight, inputGradient: inputGradient)
  case .winograd:
    WinogradConvolution(g).inputGradient(outputGradient: outputGradient, weight: weight, inputGradient: inputGradient)
  }
}

/// The weight of the adjoint of a convolution with stride 1, in scratch.
private func flipped(_ weight: UnsafePointer<Float>, _ g: ConvolutionGeometry) -> UnsafePointer<Float> {
  let flipped = Scratch.floats(g.patchLength * g.outputChannels, for: .flippedWeight)
  ck_flip_weight(g.kernelHeight * g.kernelWidth, g.inputChannels, g.outputChannels, weight, flipped)
  return UnsafePointer(flipped)
}

/// The adjoint of `convolve` in its weight: weightGradient [kh, kw, cin, cout], overwritten, from input
/// [b, ih, iw, cin] and outputGradient [b, oh, ow, cout].
package func convolveWeightGradient(
  _ g: ConvolutionGeometry, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
  weightGradient: UnsafeMutablePointer<Float>
) {
  ExecutedWork.add(multiplyAdds: g.multiplyAdds)
  switch ConvolutionAlgorithm.weightGradient(of: g) {
  case .product:
    ProductConvolution(g).weightGradient(
      input: input, outputGradient: outputGradient, weightGradient: weightGradient)
  case .windows, .scatter:
    WindowConvolution(g).weightGradient(input: input, outputGradient: outputGradient, weightGradient: weightGradient)
  case .patches:
    PatchConvolution(g).weightGradient(input: input, outputGradient: outputGradient, weightGradient: weightGradient)
  case .winograd:
    WinogradConvolution(g).weightGradient(input: input, outputGradient: outputGradient, weightGradient: weightGradient)
  }
}
