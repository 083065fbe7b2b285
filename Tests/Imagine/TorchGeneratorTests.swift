import Foundation
import LineupDatasets
import LineupDiffusion
import LineupFormats
import LineupImagine
import LineupNetworks
import LineupTensors
import Testing

@Suite struct TorchGeneratorTests {
  /// Numbers that a generator of torch drew in one call, after those of the calls above it of the same seed, as
  /// `make_torch_draws.py` wrote them.
  private struct Draw: Decodable {
    let seed: UInt64
    let shape: [Int]
    let head: [Float]
    let tail: [Float]
    let sum: Double
    let squares: Double
  }

  @Test func drawsWhatTorchDrawsOnCPUs() throws {
    var generator = TorchGenerator(.torchCPU, seed: 0)
    var seed: UInt64?
    var worst: Float = 0
    let file = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("torch-draws.json")))
    for draw in try JSONDecoder().decode([Draw].self, from: file) {
      // Draws of one seed follow each other, so that what waits for the next call counts too.
      if draw.seed != seed { generator = TorchGenerator(.torchCPU, seed: draw.seed) }
      seed = draw.seed
      let values = generator.normal(draw.shape).values
      let ends = zip(values.prefix(4) + values.suffix(4), draw.head + draw.tail)
      worst = max(worst, ends.map { ($0 - $1).magnitude }.max()!)
      let sum = values.reduce(0) { $0 + Double($1) }
      let squares = values.reduce(0) { $0 + Double($1) * Double($1) }
      #expect((sum - draw.sum).magnitude < 1e-5, "seed \(draw.seed), shape \(draw.shape)")
      #expect((squares - draw.squares).magnitude < 1e-5, "seed \(draw.seed), shape \(draw.shape)")
    }
    #expect(worst <= 1e-6, "\(worst)")
  }

  @Test func drawsTheLatentsThatDiffusersBeginsWith() {
    var generator = TorchGenerator(.torchCPU, seed: 0)
    let values = generator.normal([1, 4, 64, 64]).values
    expect(Array(values.prefix(4)), [-1.1258, -1.1524, -0.2506, -0.4339])
    expect(Array(values.suffix(4)), [-1.0407, 0.0908, -1.3665, -1.0782])
    let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
    #expect((mean + 0.007575).magnitude < 1e-6)
  }

  /// First numbers of seeds, as torch prints them.
  private static let drawnOnGPUs: [UInt64: [Float]] = [
    42: [0.1940, 2.1614, -0.1721, 0.8491, -1.9244, 0.6530, -0.6494, -0.8175],
    0: [-0.9247, -0.4253, -2.6438, 0.1452, -0.1209, -0.5797],
    1234: [-1.6165, 0.5685, -0.5102, -0.9113],
  ]

  @Test(arguments: drawnOnGPUs) func drawsWhatTorchDrawsOnGPUs(seed: UInt64, expected: [Float]) {
    var generator = TorchGenerator(.torchCUDA, seed: seed)
    let values = generator.normal([1, 4, 8, 8]).values
    expect(Array(values.prefix(expected.count)), expected)
    // Another call has other numbers, of the same distribution.
    let others = generator.normal([100, 100]).values
    #expect(others[0] != values[0])
    #expect((others.reduce(0, +) / 10_000).magnitude < 0.05)
    #expect((others.map { $0 * $0 }.reduce(0, +) / 10_000 - 1).magnitude < 0.05)
  }

  @Test(arguments: TorchGenerator.Kind.allCases) func drawsPicturesChannelByChannel(kind: TorchGenerator.Kind) {
    var (one, other) = (TorchGenerator(kind, seed: 5), TorchGenerator(kind, seed: 5))
    let plain = one.normal([2, 3, 4, 5]).values
    let noise = other.imageNoise(batch: 2, height: 4, width: 5, channels: 3)
    #expect(noise.shape == [2, 4, 5, 3])
    // Sample 1, row 2, column 3, channel 1.
    let (channelsLast, channelsFirst) = (((1 * 4 + 2) * 5 + 3) * 3 + 1, ((1 * 3 + 1) * 4 + 2) * 5 + 3)
    #expect(noise.values[channelsLast] == plain[channelsFirst])
  }

  /// Four digits behind the point, as torch prints them.
  private func expect(_ values: [Float], _ expected: [Float]) {
    #expect(zip(values, expected).allSatisfy { ($0 - $1).magnitude < 6e-5 }, "\(values), expected \(expected)")
  }
}
