import CLineupKernels

/// Normalises `x` into `y` and writes the statistics.
package func normalize(
  _ g: NormalizationGeometry, epsilon: Float, _ x: UnsafePointer<Float>, _ terms: NormalizationTerms,
  into y: UnsafeMutablePointer<Float>, _ statistics: NormalizationStatistics
) {
  ChannelNormalization(g, terms).forward(epsilon, x, y, statistics)
}

/// Where gradients go; what is nil is not wanted.
package struct NormalizationGradients {
  /// `[batch, space, channels]`.
  package var input: UnsafeMutablePointer<Float>
  /// What is added to that of the input.
  package var earlier: UnsafePointer<Float>?
  /// `[batch, channels]`: the shares of each image, still to be added up for gamma and beta.
  package var gamma, beta: UnsafeMutablePointer<Float>
  package var shift, factor, offset: UnsafeMutablePointer<Float>?

  package init(
    input: UnsafeMutablePointer<Float>, adding earlier: UnsafePointer<Float>? = nil,
    gamma: UnsafeMutablePointer<Float>, beta: UnsafeMutablePointer<Float>, shift: UnsafeMutablePointer<Float>? = nil,
    factor: UnsafeMutablePointer<Float>? = nil, offset: UnsafeMutablePointer<Float>? = nil
  ) {
    (self.input, self.earlier, self.gamma, self.beta) = (input, earlier, gamma, beta)
    (self.shift, self.factor, self.offset) = (shift, factor, offset)
  }
}

/// The gradients of `normalize` from its input and the gradient `dy` of its output.
package func normalizeGradient(
  _ g: NormalizationGeometry, _ x: UnsafePointer<Float>, _ terms: NormalizationTerms,
  _ statistics: NormalizationStatistics, gradient dy: UnsafePointer<Float>, into gradients: NormalizationGradients
) {
  ChannelNormalization(g, terms).backward(x, statistics, dy, gradients)
}

/// Normalisation over space and groups of channels: moments of blocks of rows, statistics of images, one affine function
/// of each channel. Three passes, which an image that fits into cache makes in one task.
private struct ChannelNormalization {
  let g: NormalizationGeometry
  let terms: NormalizationTerms

  init(_ g: NormalizationGeometry, _ terms: NormalizationTerms) {
    self.g = g
    self.terms = terms
  }

  private var imageLength: Int { g.space * g.channels }

  /// Calls the three passes for every image; `block(image, index)` and `image(index)` say what to do.
  private func forEachImage(first: (Int, Int) -> Void, between: (Int) -> Void, last: (Int, Int) -> Void) {
    guard g.imagesStayWhole else {
      Threads.forEach(g.batch * g.blocks) { first($0 / g.blocks, $0 % g.blocks) }
      Threads.forEach(g.batch) { between($0) }
      Threads.forEach(g.batch * g.blocks) { last($0 / g.blocks, $0 % g.blocks) }
      return
    }
    Threads.forEachRange(g.batch, grain: g.imagesPerTask) { images in
      for image in images {
        for block in 0..<g.blocks { first(image, block) }
        between(image)
        for block in 0..<g.blocks { last(image, block) }
      }
    }
  }

  private func description(of image: Int) -> ck_normalization {
    let place = image * g.channels
    return ck_normalization(
      space: g.space, channels: g.channels, groups: g.groups, block_rows: g.blockRows, gamma: terms.gamma,
      beta: terms.beta, shift: terms.shift.map { $0 + place }, factor: terms.factor.map { $0 + place },
      offset: terms.offset.map { $0 + place })
  }

  func forward(
    _ epsilon: Float, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ statistics: NormalizationStatistics
  ) {
    let channels = g.channels
    let moments = Scratch.doubles(g.batch * g.blocks * 2 * channels, for: .moments)
    let affine = Scratch.floats(g.batch * 2 * channels, for: .channelTerms)
    forEachImage { image, block in
      let rows = g.rows(of: block)
      ck_channel_moments(
        rows.count, channels, x + image * imageLength + rows.lowerBound * channels,
        moments + (image * g.blocks + block) * 2 * channels)
    } between: { image in
      let (mean, rstd) = (statistics.mean + image * g.groups, statistics.rstd + image * g.groups)
      withUnsafePointer(to: description(of: image)) { n in
        ck_image_statistics(
          n, moments + image * g.blocks * 2 * channels, epsilon, mean, rstd,
          statistics.channelMean.map { $0 + image * channels })
        ck_image_affine(n, mean, rstd, affine + image * 2 * channels, affine + (image * 2 + 1) * channels)
      }
    } last: { image, block in
      let rows = g.rows(of: block)
      let place = image * imageLength + rows.lowerBound * channels
      ck_channel_affine(
        rows.count, channels, x + place, affine + image * 2 * channels, affine + (image * 2 + 1) * channels,
        terms.activates ? 1 : 0, y + place)
    }
  }

  func backward(
    _ x: UnsafePointer<Float>, _ statistics: NormalizationStatistics, _ dy: UnsafePointer<Float>,
    _ gradients: NormalizationGradients
  ) {
    let channels = g.channels
    let sums = Scratch.doubles(g.batch * g.blocks * 2 * channels, for: .moments)
    // Of each image: slope and intercept, then the three terms of the input gradient; and the centre.
    let coefficients = Scratch.floats(g.batch * 4 * channels, for: .channelTerms)
    let activates = terms.activates
    func place(_ image: Int, _ row: Int) -> Int { image * imageLength + row * channels }
    Threads.forEach(g.batch) { image in
      let own = coefficients + image * 4 * channels
      withUnsafePointer(to: description(of: image)) { n in
        let (mean, rstd) = (statistics.mean + image * g.groups, statistics.rstd + image * g.groups)
        ck_image_affine(n, mean, rstd, own, own + channels)
        ck_image_centre(n, mean, own + 3 * channels)
      }
    }
    forEachImage { image, block in
      let own = coefficients + image * 4 * channels
      let rows = g.rows(of: block)
      let start = place(image, rows.lowerBound)
      ck_channel_gradient_sums(
        rows.count, channels, x + start, own, own + channels, activates ? 1 : 0, own + 3 * channels, dy + start,
        gradients.input + start, sums + (image * g.blocks + block) * 2 * channels)
    } between: { image in
      let own = coefficients + image * 4 * channels
      let row = image * channels
      let gradient = ck_normalization_gradient(
        gamma: gradients.gamma + row, beta: gradients.beta + row, shift: gradients.shift.map { $0 + row },
        factor: gradients.factor.map { $0 + row }, offset: gradients.offset.map { $0 + row })
      withUnsafePointer(to: description(of: image)) { n in
        withUnsafePointer(to: gradient) { gradient in
          ck_image_gradient(
            n, statistics.mean + image * g.groups, statistics.rstd + image * g.groups,
            statistics.channelMean.map { UnsafePointer($0 + row) }, sums + image * g.blocks * 2 * channels, own,
            own + channels, own + 2 * channels, gradient)
        }
      }
    } last: { image, block in
      let own = coefficients + image * 4 * channels
      let rows = g.rows(of: block)
      let start = place(image, rows.lowerBound)
      ck_channel_combination(
        rows.count, channels, activates ? UnsafePointer(gradients.input + start) : dy + start, x + start, own,
        own + channels, own + 2 * channels, gradients.earlier.map { $0 + start }, gradients.input + start)
    }
  }
}
