import LineupTensors

/// The random numbers of a batch of samples, each sample's from its own stream: so however samples are cut into batches,
/// and whichever is made again alone, each gives the same picture.
public struct SampleNoise: Sendable {
  let streams: [RandomStream]
  let shape: [Int]

  /// - Parameters:
  ///   - streams: one a sample.
  ///   - shape: the shape of one sample.
  public init(streams: [RandomStream], shape: [Int]) {
    self.streams = streams
    self.shape = shape
  }

  /// The samples of some numbers: sample `i` depends on `random.split(i)` alone.
  public init(_ random: RandomStream, samples: Range<Int>, shape: [Int]) {
    self.init(streams: samples.map { random.split($0) }, shape: shape)
  }

  /// The noise to start from, `[samples] + shape`.
  public func initial() -> Tensor { normal { $0.split("start") } }

  /// The noise added after the network was asked at a timestep, for the first time or again.
  public func step(_ timestep: Int, repetition: Int = 0) -> Tensor {
    normal {
      let stream = $0.split("step").split(timestep)
      return repetition == 0 ? stream : stream.split(repetition)
    }
  }

  private func normal(_ stream: (RandomStream) -> RandomStream) -> Tensor {
    let size = shape.reduce(1, *)
    return Tensor(shape: [streams.count] + shape) { buffer in
      for (row, root) in streams.enumerated() {
        var random = stream(root)
        for index in row * size..<(row + 1) * size { buffer[index] = random.normal() }
      }
    }
  }
}
