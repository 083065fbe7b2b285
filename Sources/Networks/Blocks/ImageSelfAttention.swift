import LineupTensors

/// A part of a network that lets the positions of an image see each other, and perhaps a text.
package protocol PositionMixer: Module {
  /// `input` and the result are `[batch, height, width, channels]`; `context`, for mixers that read a text, is
  /// `[batch, tokens, width]`.
  func callAsFunction(_ input: Tensor, context: Tensor?) -> Tensor
}

/// Softmax self-attention of all positions of an image, on its normalised input and added to it: the attention block of
/// diffusers' unconditional networks. The walk's names are those there in camel case.
package struct ImageSelfAttention: PositionMixer, Layer {
  var groupNorm: GroupNorm?
  var attention: MultiHeadAttention
  /// What the sum of input and attention is divided by.
  let divisor: Float

  /// - Parameters:
  ///   - headWidth: features of a head (default: one head over all channels); there are `channels / headWidth` heads,
  ///     rounded down, and what is left over gets none.
  ///   - groups: groups of the normalisation; none leaves it out.
  package init(
    _ channels: Int, headWidth: Int? = nil, groups: Int?, epsilon: Float, divisor: Float = 1,
    random: inout RandomStream
  ) {
    let headWidth = headWidth ?? channels
    let heads = channels / headWidth
    groupNorm = groups.map { GroupNorm(groups: $0, channels: channels, epsilon: epsilon) }
    attention = MultiHeadAttention(
      width: channels, heads: heads, inner: heads * headWidth, biased: true, random: &random)
    self.divisor = divisor
  }

  package func callAsFunction(_ input: Tensor) -> Tensor {
    let normalized = groupNorm?(input) ?? input
    let mixed = attention(normalized.reshaped(to: [input.shape[0], -1, input.shape[3]]))
    let sum = input + mixed.reshaped(to: input.shape)
    return divisor == 1 ? sum : sum.scaled(by: 1 / divisor)
  }

  package func callAsFunction(_ input: Tensor, context: Tensor?) -> Tensor { self(input) }

  package mutating func visit(_ visitor: inout some ModuleVisitor) {
    visitor.child("groupNorm", &groupNorm)
    attention.visitAsInDiffusers(&visitor)
  }
}

extension MultiHeadAttention {
  /// The walk under the names of diffusers' `Attention`, in camel case.
  public mutating func visitAsInDiffusers(_ visitor: inout some ModuleVisitor) {
    visitor.child("toQ", &toQuery)
    visitor.child("toK", &toKey)
    visitor.child("toV", &toValue)
    // Published checkpoints keep the output layer in a list of one.
    visitor.enter("toOut")
    visitor.child("0", &toOutput)
    visitor.leave()
  }
}
