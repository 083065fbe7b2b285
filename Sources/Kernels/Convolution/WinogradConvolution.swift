import CKernels

/// 3×3 convolution with stride 1 by Winograd's F(4×4, 3×3): a quarter of the multiplications, as 36 products.
///
/// Each direction is: transform tiles of 6×6 (or 4×4) pixels to 36 planes, multiply plane by plane, transform back. The
/// planes of a block of tiles stay in cache, so blocks rather than whole batches go through the three steps.
struct WinogradConvolution {
  private static let planes = Int(CK_WINOGRAD_PLANES)

  /// Floats between the ends of two planes, so that the 36 streams of a transform do not fall into the same cache sets.
  private static let planePadding = 16

  /// The least number of channels that the transforms can work on.
  static let minimumChannels = Int(CK_WINOGRAD_LANES)

  let g: ConvolutionGeometry
  private let tiles: Int
  private let inputTiling: ck_tiling
  private let outputTiling: ck_tiling

  init(_ g: ConvolutionGeometry) {
    self.g = g
    let rows = (g.outputHeight + 3) / 4
    let columns = (g.outputWidth + 3) / 4
    tiles = g.batch * rows * columns
    inputTiling = ck_tiling(
      height: g.inputHeight, width: g.inputWidth, channels: g.inputChannels, tiles_y: rows, tiles_x: columns,
      pad_top: g.padTop, pad_left: g.padLeft)
    outputTiling = ck_tiling(
      height: g.outputHeight, width: g.outputWidth, channels: g.outputChannels, tiles_y: rows, tiles_x: columns,
      pad_top: 0, pad_left: 0)
  }

  /// Tiles of a block such that `budget` floats hold their planes; a multiple of 8, the rows of a product's inner block.
  private func blockSize(budget: Int, limit: Int) -> Int {
    let fitting = budget / (Self.planes * (g.inputChannels + g.outputChannels))
    return min(limit, max(16, fitting / 8 * 8))
  }

  func forward(
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>
  ) {
    let (cin, cout) = (g.inputChannels, g.outputChannels)
    let weightPlane = cin * cout + Self.planePadding
    let weights = Scratch.floats(Self.planes * weightPlane, for: .transformedWeight)
    forEachWeightRange { first, count in
      ck_winograd_weight(weight, cin * cout, first, count, weights, weightPlane)
    }
    let block = blockSize(budget: 192 * 1024, limit: 256)
    Threads.forEach((tiles + block - 1) / block) { task in
      let first = task * block
      let count = min(block, tiles - first)
      let inputPlane = count * cin + Self.planePadding
      let outputPlane = count * cout + Self.planePadding
      let inputs = Scratch.floats(Self.planes * inputPlane, for: .transformedInput)
      let outputs = Scratch.floats(Self.planes * outputPlane, for: .transformedOutput)
      withUnsafePointer(to: inputTiling) { ck_winograd_input($0, input, first, count, inputs, inputPlane) }
      for plane in 0..<Self.planes {
        multiply(
          m: count, n: cout, k: cin, MatrixView(inputs + plane * inputPlane, columns: cin),
          MatrixView(weights + plane * weightPlane, columns: cout), into: outputs + plane * outputPlane)
      }
      withUnsafePointer(to: outputTiling) {
        ck_winograd_output($0, outputs, outputPlane, first, count, bias, output)
      }
    }
  }

  func weightGradient(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, weightGradient: UnsafeMutablePointer<Float>
  ) {
    let (cin, cout) = (g.inputChannels, g.outputChannels)
    let weightPlane = cin * cout + Self.planePadding
    let sums = Scratch.floats(Self.planes * weightPlane, for: .transformedWeight)
    // Blocks follow one another and threads share the 36 planes of each, so that no partial sums are needed.
    let block = blockSize(budget: 1024 * 1024, limit: 1024)
    let inputPlane = block * cin + Self.planePadding
    let outputPlane = block * cout + Self.planePadding
    let inputs = Scratch.floats(Self.planes * inputPlane, for: .transformedInput)
    let outputs = Scratch.floats(Self.planes * outputPlane, for: .transformedOutput)
    for begin in stride(from: 0, to: tiles, by: block) {
      let end = min(begin + block, tiles)
      let share = 16
      Threads.forEach((end - begin + share - 1) / share) { task in
        let first = begin + task * share
        let count = min(share, end - first)
        let offset = first - begin
        withUnsafePointer(to: inputTiling) {
          ck_winograd_input($0, input, first, count, inputs + offset * cin, inputPlane)
        }
        withUnsafePointer(to: outputTiling) {
          ck_winograd_output_adjoint($0, outputGradient, first, count, outputs + offset * cout, outputPlane)
        }
      }
      Threads.forEach(Self.planes) { plane in
        multiply(
          m: cin, n: cout, k: end - begin, MatrixView(inputs + plane * inputPlane, columns: cin).transposed,
          MatrixView(outputs + plane * outputPlane, columns: cout), from: begin == 0 ? .zero : .result,
          into: sums + plane * weightPlane)
      }
    }
    forEachWeightRange { first, count in
      ck_winograd_weight_adjoint(sums, weightPlane, first, count, weightGradient, cin * cout)
    }
  }

  /// Calls `body(first, count)` for ranges that cover the elements of one tap's matrix.
  private func forEachWeightRange(_ body: (Int, Int) -> Void) {
    let size = g.inputChannels * g.outputChannels
    let parts = max(1, size / 4096)
    Threads.forEach(parts) { part in
      let first = size * part / parts
      body(first, size * (part + 1) / parts - first)
    }
  }
}
