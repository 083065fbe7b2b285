import LineupTensors

extension Tensor {
  /// Images `[batch, height, width, channels]`, each mirrored left to right with probability one half.
  func mirroredAtRandom(_ random: RandomStream) -> Tensor {
    var random = random
    let (rows, width, channels) = (shape[1], shape[2], shape[3])
    let flags = (0..<shape[0]).map { _ in random.nextBits() >> 31 == 1 }
    return Tensor(shape: shape) { target in
      withValues { source in
        for (image, flag) in flags.enumerated() {
          for row in image * rows..<(image + 1) * rows {
            for column in 0..<width {
              let from = (row * width + (flag ? width - 1 - column : column)) * channels
              let to = (row * width + column) * channels
              for channel in 0..<channels { target[to + channel] = source[from + channel] }
            }
          }
        }
      }
    }
  }
}
