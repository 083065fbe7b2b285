import LineupKernels

/// What a normalisation shares its statistics over.
public enum NormalizationAxes: Sendable {
  /// Each image and group of channels alone, over space (Wu and He 2018).
  case groups(Int)
  /// Each channel alone, over batch and space (Ioffe and Szegedy 2015).
  case batch
  /// Each row of the last axis alone (Ba et al. 2016).
  case last

  func geometry(_ shape: [Int]) -> NormalizationGeometry {
    let channels = shape[shape.count - 1]
    let rows = shape.dropLast().reduce(1, *)
    return switch self {
    case .groups(let groups):
      NormalizationGeometry(batch: shape[0], space: rows / shape[0], channels: channels, groups: groups)
    case .batch: NormalizationGeometry(batch: 1, space: rows, channels: channels, groups: channels)
    case .last: NormalizationGeometry(batch: rows, space: 1, channels: channels, groups: 1)
    }
  }
}

/// What follows a normalisation in the same pass.
public enum NormalizedActivation: Sendable { case none, silu }

extension Tensor {
  /// `(x − mean) / √(variance + ε) · scale + offset` with the biased variance; scale and offset have one number a channel.
  ///
  /// What often stands around a normalisation in diffusion networks is done in the same pass over memory; all three are
  /// `[batch, channels]` and only for groups:
  /// - Parameters:
  ///   - shift: added to each channel of an image before it is normalised.
  ///   - modulation: each channel of an image is multiplied by `1 + factor` and `offset` added after it was normalised.
  ///   - activation: applied last.
  public func normalized(
    over axes: NormalizationAxes, scale: Tensor, offset: Tensor, epsilon: Float, adding shift: Tensor? = nil,
    modulation: (factor: Tensor, offset: Tensor)? = nil, activation: NormalizedActivation = .none
  ) -> Tensor {
    Normalization(
      axes: axes, epsilon: epsilon, hasShift: shift != nil, isModulated: modulation != nil, activation: activation
    )
    .applied(
      to: [self, scale, offset] + [shift, modulation?.factor, modulation?.offset].compactMap { $0 }
    ).output
  }

  /// As `normalized`, with the mean and the biased variance that were used, as plain data of shape `[batch · groups]`.
  public func normalizedWithStatistics(
    over axes: NormalizationAxes, scale: Tensor, offset: Tensor, epsilon: Float
  ) -> (output: Tensor, mean: Tensor, variance: Tensor) {
    let (output, mean, rstd) = Normalization(axes: axes, epsilon: epsilon).applied(to: [self, scale, offset])
    return (output, mean, 1 / square(rstd) - epsilon)
  }
}

/// A normalisation as a function of its tensors: the input, scale and offset, and those of shift, factor and offset of the
/// modulation that it has, in this order.
private struct Normalization: Sendable {
  var axes: NormalizationAxes
  var epsilon: Float
  var hasShift = false
  var isModulated = false
  var activation = NormalizedActivation.none

  private var modulationIndex: Int { hasShift ? 4 : 3 }

  func applied(to inputs: [Tensor]) -> (output: Tensor, mean: Tensor, rstd: Tensor) {
    let g = geometry(of: inputs)
    var mean = Tensor(shape: [g.batch * g.groups]) { _ in }
    var rstd = mean
    var channelMeans = Tensor(shape: hasShift ? [g.batch, g.channels] : [0]) { _ in }
    let output = Tensor(shape: inputs[0].shape) { out in
      guard !out.isEmpty else { return }
      mean.withMutableValues { mean in
        rstd.withMutableValues { rstd in
          channelMeans.withMutableValues { channelMeans in
            run(
              g, inputs, into: out.baseAddress!,
              NormalizationStatistics(
                mean: mean.baseAddress!, rstd: rstd.baseAddress!,
                channelMean: hasShift ? channelMeans.baseAddress! : nil))
          }
        }
      }
    }
    let statistics = [mean, rstd, channelMeans]
    let recorded = Tensor.recorded(output, from: inputs, saving: .inputs) { c in
      c.isRecorded ? c.gradients(through: composed) : fusedGradients(c, g, statistics)
    }
    return (recorded, mean, rstd)
  }

  private func geometry(of inputs: [Tensor]) -> NormalizationGeometry {
    let shape = inputs[0].shape
    let channels = shape[shape.count - 1]
    require(
      inputs[1].shape == [channels] && inputs[2].shape == [channels],
      "a normalisation of shape \(shape) needs a scale and an offset of shape [\(channels)], not \(inputs[1].shape) and \(inputs[2].shape)"
    )
    let g = axes.geometry(shape)
    for term in inputs.dropFirst(3) {
      require(
        term.shape == [g.batch, channels],
        "a normalisation of shape \(shape) is shifted or modulated by tensors of shape [\(g.batch), \(channels)], not \(term.shape)"
      )
    }
    return g
  }

  private func terms(_ inputs: [Tensor]) -> NormalizationTerms {
    NormalizationTerms(
      gamma: inputs[1].operand, beta: inputs[2].operand,
      shift: hasShift ? inputs[3].operand : nil,
      factor: isModulated ? inputs[modulationIndex].operand : nil,
      offset: isModulated ? inputs[modulationIndex + 1].operand : nil,
      activates: activation == .silu)
  }

  /// Whether rows are normalised one by one, which has kernels of its own.
  private func isOfPlainRows(_ g: NormalizationGeometry) -> Bool {
    g.isOfRows && !hasShift && !isModulated && activation == .none
  }

  private func run(
    _ g: NormalizationGeometry, _ inputs: [Tensor], into out: UnsafeMutablePointer<Float>,
    _ statistics: NormalizationStatistics
  ) {
    guard isOfPlainRows(g) else {
      return normalize(g, epsilon: epsilon, inputs[0].operand, terms(inputs), into: out, statistics)
    }
    normalizeRows(
      rows: g.batch, count: g.channels, epsilon: epsilon, inputs[0].operand, gamma: inputs[1].operand,
      beta: inputs[2].operand, into: out, mean: statistics.mean, rstd: statistics.rstd)
  }

  /// One fused pass for first derivatives.
  private func fusedGradients(
    _ c: PullbackContext, _ g: NormalizationGeometry, _ statistics: [Tensor]
  ) -> [Tensor?] {
    let input = Tensor(shape: c.inputs[0].shape) { _ in }
    // Mostly that of a residual around the normalisation.
    let earlier = c.earlier.take(0)
    defer { withExtendedLifetime(earlier) {} }
    guard !isOfPlainRows(g) else {
      let (scale, offset) = (Tensor(shape: [g.channels]) { _ in }, Tensor(shape: [g.channels]) { _ in })
      normalizeRowsGradient(
        rows: g.batch, count: g.channels, c.inputs[0].operand, gamma: c.inputs[1].operand,
        mean: statistics[0].operand, rstd: statistics[1].operand,
        gradient: c.gradient.operand, adding: earlier?.operand, into: input.storage.pointer,
        gamma: scale.storage.pointer, beta: offset.storage.pointer)
      return [input, scale, offset]
    }
    // One row of [batch, channels] for each term; an image's shares of scale and offset are then added up.
    let rows = (1..<c.inputs.count).map { _ in Tensor(shape: [g.batch, g.channels]) { _ in } }
    normalizeGradient(
      g, c.inputs[0].operand, terms(c.inputs),
      NormalizationStatistics(
        mean: statistics[0].storage.pointer, rstd: statistics[1].storage.pointer,
        channelMean: hasShift ? statistics[2].storage.pointer : nil),
      gradient: c.gradient.operand,
      into: NormalizationGradients(
        input: input.storage.pointer, adding: earlier?.operand, gamma: rows[0].storage.pointer,
        beta: rows[1].storage.pointer, shift: hasShift ? rows[2].storage.pointer : nil,
        factor: isModulated ? rows[modulationIndex - 1].storage.pointer : nil,
        offset: isModulated ? rows[modulationIndex].storage.pointer : nil))
    let totals = rows.prefix(2).map { $0.sum(overAxes: [0]) }
    return [input] + totals + rows.dropFirst(2)
  }

  /// The same in differentiable operations, for derivatives of derivatives.
  private func composed(_ inputs: [Tensor]) -> Tensor {
    let g = geometry(of: inputs)
    let width = g.channels / g.groups
    func perChannel(_ index: Int) -> Tensor { inputs[index].reshaped(to: [g.batch, 1, g.groups, width]) }
    var x = inputs[0].reshaped(to: [g.batch, g.space, g.groups, width])
    if hasShift { x = x + perChannel(3) }
    let centred = x - x.mean(overAxes: [1, 3], keepingAxes: true)
    let standard = centred * rsqrt(square(centred).mean(overAxes: [1, 3], keepingAxes: true) + epsilon)
    var y =
      standard * inputs[1].reshaped(to: [g.groups, width]) + inputs[2].reshaped(to: [g.groups, width])
    if isModulated { y = y * (perChannel(modulationIndex) + 1) + perChannel(modulationIndex + 1) }
    return (activation == .silu ? silu(y) : y).reshaped(to: inputs[0].shape)
  }
}
