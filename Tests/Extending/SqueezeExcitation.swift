import LineupKernels
import LineupNetworks
import LineupTensors

/// Attention over channels (Hu, Shen and Sun 2018): each channel is weighed by what all channels are on average.
package struct SqueezeExcitation: Layer {
  var squeeze: Linear
  var excite: Linear

  /// - Parameter reduction: how many times fewer numbers there are between the two layers.
  package init(_ channels: Int, reduction: Int = 4, random: inout RandomStream) {
    require(channels % reduction == 0, "\(channels) channels cannot be reduced \(reduction) times")
    squeeze = Linear(channels, to: channels / reduction, random: &random)
    excite = Linear(channels / reduction, to: channels, random: &random)
  }

  /// `[batch, height, width, channels]` to the same shape.
  package func callAsFunction(_ images: Tensor) -> Tensor {
    let averages = images.mean(overAxes: [1, 2])
    let weights = sigmoid(excite(relu(squeeze(averages))))
    return images * weights.reshaped(to: [images.shape[0], 1, 1, images.shape[3]])
  }

  /// Shows everything stored, each under its property's name.
  package mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("squeeze", &squeeze)
    visitor.child("excite", &excite)
  }
}
