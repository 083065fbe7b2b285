import LineupKernels
import LineupTensors

/// Large pictures in tiles: the memory of one tile, whatever the picture's size.
///
/// Tiles overlap, and where they do the one fades into the other; normalisation and attention see one tile only, so that the
/// result differs a little from that of the whole. These are the numbers of diffusers' `enable_tiling`, wherever the
/// overlap of its tiles is a whole number of latents; elsewhere, where its pictures come out in a wrong size, the overlap
/// is rounded down.
extension AutoencoderKL {
  /// Images of latents, as `decode`, which it is where the latents are no larger than a tile.
  ///
  /// - Parameters:
  ///   - tile: the side of a tile in latents; by default that of the images that the networks were made for.
  ///   - overlap: the share of a tile, in 0..<1, that it has in common with the next one.
  public func decodeTiled(_ latents: Tensor, tile: Int? = nil, overlap: Float = 0.25) -> Tensor {
    let tiling = Tiling(side: tile ?? configuration.latentTile, overlap: overlap)
    guard tiling.splits(height: latents.shape[1], width: latents.shape[2]) else { return decode(latents) }
    return tiling.blended(latents, scaleIn: 1, scaleOut: configuration.reduction, decode)
  }

  /// The Gaussian over latents of images, as `encode`, which it is where the latents are no larger than a tile. The moments
  /// are blended, and the logarithm of the variance is held in [−30, 20] thereafter.
  ///
  /// - Parameters:
  ///   - tile: the side of a tile in latents; by default that of the images that the networks were made for.
  ///   - overlap: the share of a tile, in 0..<1, that it has in common with the next one.
  public func encodeTiled(
    _ images: Tensor, tile: Int? = nil, overlap: Float = 0.25
  ) -> (mean: Tensor, logVariance: Tensor) {
    let tiling = Tiling(side: tile ?? configuration.latentTile, overlap: overlap)
    let size = latentShape(of: Array(images.shape.dropFirst()))
    guard tiling.splits(height: size[0], width: size[1]) else { return encode(images) }
    return gaussian(of: tiling.blended(images, scaleIn: configuration.reduction, scaleOut: 1, moments))
  }
}

extension AutoencoderKL.Configuration {
  /// The side in latents of the images that the networks were made for.
  var latentTile: Int { max(1, sampleSize / reduction) }
}

/// How a plane is cut into overlapping squares, measured in latents.
private struct Tiling {
  let side: Int
  /// Common to two neighbours.
  let overlap: Int

  init(side: Int, overlap: Float) {
    require(side > 0, "a tile needs a side of at least 1, not \(side)")
    require(overlap >= 0 && overlap < 1, "neighbouring tiles share a part in 0..<1 of their sides, not \(overlap)")
    self.side = side
    self.overlap = Int(Float(side) * overlap)
  }

  /// Whether a plane does not fit into one tile.
  func splits(height: Int, width: Int) -> Bool { height > side || width > side }

  /// What `map` makes of all tiles of `[batch, height, width, channels]`, put together. One latent is `scaleIn` places
  /// of the input, and `scaleOut` of the output, along each side.
  func blended(_ input: Tensor, scaleIn: Int, scaleOut: Int, _ map: (Tensor) -> Tensor) -> Tensor {
    let step = side - overlap
    func ranges(_ extent: Int) -> [Range<Int>] {
      stride(from: 0, to: extent, by: step * scaleIn).map { $0..<min(extent, $0 + side * scaleIn) }
    }
    let (fade, kept) = (overlap * scaleOut, step * scaleOut)
    var above: [Tensor] = []
    let rows = ranges(input.shape[1]).map { rows in
      let band = input.sliced(1, rows)
      var tiles: [Tensor] = []
      for (column, columns) in ranges(input.shape[2]).enumerated() {
        var tile = map(band.sliced(2, columns))
        if !above.isEmpty { tile = tile.fadedIn(from: above[column], along: 1, over: fade) }
        if let left = tiles.last { tile = tile.fadedIn(from: left, along: 2, over: fade) }
        tiles.append(tile)
      }
      above = tiles
      return concatenated(
        tiles.map { $0.sliced(1, 0..<min(kept, $0.shape[1])).sliced(2, 0..<min(kept, $0.shape[2])) }, along: 2)
    }
    return concatenated(rows, along: 1)
  }
}

extension Tensor {
  /// This tile with its first `extent` places along an axis mixed, with shares from 0 upwards, into the last ones of the tile
  /// before it.
  fileprivate func fadedIn(from previous: Tensor, along axis: Int, over extent: Int) -> Tensor {
    let (end, count) = (previous.shape[axis], shape[axis])
    let extent = min(extent, end, count)
    guard extent > 0 else { return self }
    var shareShape = [Int](repeating: 1, count: rank)
    shareShape[axis] = extent
    // Worked out in double precision, as the shares of the reference are.
    let shares = (0..<extent).map { Double($0) / Double(extent) }
    let (old, new) = (shares.map { Float(1 - $0) }, shares.map { Float($0) })
    let mixed =
      previous.sliced(axis, end - extent..<end) * Tensor(old, shape: shareShape)
      + sliced(axis, 0..<extent) * Tensor(new, shape: shareShape)
    return extent == count ? mixed : concatenated([mixed, sliced(axis, extent..<count)], along: axis)
  }
}
