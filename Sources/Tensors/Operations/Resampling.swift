import LineupKernels

extension Tensor {
  /// Images `[batch, height, width, channels]` enlarged by repeating each pixel `factor` times in both directions.
  public func upsampledNearest(by factor: Int) -> Tensor {
    require(rank == 4 && factor >= 1, "cannot enlarge a tensor of shape \(shape) \(factor) times")
    if factor == 1 { return self }
    let (b, h, w, c) = (shape[0], shape[1], shape[2], shape[3])
    let g = BlockGeometry(rows: b * h, width: w, channels: c, factor: factor)
    let output = Tensor(shape: [b, h * factor, w * factor, c]) { out in
      guard !out.isEmpty else { return }
      withValues { enlarge(g, $0.baseAddress!, into: out.baseAddress!) }
    }
    return .recorded(output, from: [self], saving: []) { c in [c.gradient.blockSums(of: factor)] }
  }

  /// The mean over blocks of `factor × factor` pixels.
  public func averagePooled(by factor: Int) -> Tensor { blockSums(of: factor).scaled(by: 1 / Float(factor * factor)) }

  /// The sum over blocks of `factor × factor` pixels, the adjoint of enlarging.
  private func blockSums(of factor: Int) -> Tensor {
    require(
      rank == 4 && shape[1] % factor == 0 && shape[2] % factor == 0,
      "images of shape \(shape) do not divide into blocks of \(factor) × \(factor)")
    let (b, h, w, c) = (shape[0], shape[1] / factor, shape[2] / factor, shape[3])
    let g = BlockGeometry(rows: b * h, width: w, channels: c, factor: factor)
    let output = Tensor(shape: [b, h, w, c]) { out in
      guard !out.isEmpty else { return }
      withValues { sumBlocks(g, $0.baseAddress!, into: out.baseAddress!) }
    }
    return .recorded(output, from: [self], saving: []) { c in [c.gradient.upsampledNearest(by: factor)] }
  }

  /// The largest value of blocks of `factor × factor` pixels; the gradient goes to the first largest one.
  public func maximumPooled(by factor: Int) -> Tensor {
    require(
      rank == 4 && shape[1] % factor == 0 && shape[2] % factor == 0,
      "images of shape \(shape) do not divide into blocks of \(factor) × \(factor)")
    let (b, h, w, c) = (shape[0], shape[1] / factor, shape[2] / factor, shape[3])
    let blocks = reshaped(to: [b, h, factor, w, factor, c])
    let rows = largest(blocks.split(into: factor, along: 2))
    let columns = largest(rows.split(into: factor, along: 4))
    return columns.reshaped(to: [b, h, w, c])
  }

  /// Images enlarged or reduced by linear interpolation between pixel centres, as `align_corners=False` elsewhere.
  public func resizedBilinear(height: Int, width: Int) -> Tensor {
    require(rank == 4 && height > 0 && width > 0, "cannot resize a tensor of shape \(shape) to \(height)×\(width)")
    let (b, h, w, c) = (shape[0], shape[1], shape[2], shape[3])
    let columns = interpolation(from: w, to: width)
    let rows = interpolation(from: h, to: height)
    // Two products, one along each axis: [w', w]·[b·h, w, c], then [h', h]·[b, h, w'·c].
    let wide = matmul(columns.broadcast(to: [b * h, width, w]), reshaped(to: [b * h, w, c]))
    let tall = matmul(rows.broadcast(to: [b, height, h]), wide.reshaped(to: [b, h, width * c]))
    return tall.reshaped(to: [b, height, width, c])
  }

  /// Blocks of `factor × factor` pixels turned into channels, ordered channel first, then row and column in the block
  /// (PyTorch's `pixel_unshuffle`).
  public func pixelsUnshuffled(by factor: Int) -> Tensor {
    let (b, h, w, c) = (shape[0], shape[1] / factor, shape[2] / factor, shape[3])
    return reshaped(to: [b, h, factor, w, factor, c]).permuted([0, 1, 3, 5, 2, 4])
      .reshaped(to: [b, h, w, c * factor * factor])
  }

  /// The inverse of `pixelsUnshuffled(by:)`.
  public func pixelsShuffled(by factor: Int) -> Tensor {
    let (b, h, w, c) = (shape[0], shape[1], shape[2], shape[3] / (factor * factor))
    return reshaped(to: [b, h, w, c, factor, factor]).permuted([0, 1, 4, 2, 5, 3])
      .reshaped(to: [b, h * factor, w * factor, c])
  }
}

/// The element-by-element maximum of some tensors.
private func largest(_ parts: [Tensor]) -> Tensor { parts.dropFirst().reduce(parts[0]) { maximum($0, $1) } }

/// The weights of linear interpolation from `old` pixels to `new` ones, `[new, old]`.
private func interpolation(from old: Int, to new: Int) -> Tensor {
  Tensor(shape: [new, old]) { weights in
    weights.initialize(repeating: 0)
    for index in 0..<new {
      let centre = (Float(index) + 0.5) * Float(old) / Float(new) - 0.5
      let place = min(max(centre, 0), Float(old - 1))
      let below = Int(place)
      let above = min(below + 1, old - 1)
      weights[index * old + below] += 1 - (place - Float(below))
      weights[index * old + above] += place - Float(below)
    }
  }
}
