import LineupDatasets
import LineupFormats
import LineupKernels
import LineupTensors

/// Pictures as networks take and give them, with the rounding of diffusers' `VaeImageProcessor`.
extension Picture {
  /// The picture as `[1, height, width, 3]` in [0, 1]: value / 255.
  public var unitTensor: Tensor { tensor { Float($0) / 255 } }

  /// The picture as `[1, height, width, 3]` in [−1, 1]: 2 · (value / 255) − 1.
  public var signedTensor: Tensor { tensor { 2 * (Float($0) / 255) - 1 } }

  /// The picture as a mask `[1, height, width, 1]`: 1 where its luma / 255 is at least ½, else 0.
  public var maskTensor: Tensor {
    Tensor(luma.map { Float($0) / 255 >= 0.5 ? 1 : 0 }, shape: [1, height, width, 1])
  }

  /// The picture of a finite tensor `[1, height, width, channels]` in [0, 1], with 1 channel of grey or 3 of colours; what
  /// lies outside is clamped. Halves are rounded to the even value.
  public init(unit tensor: Tensor) {
    require(
      tensor.rank == 4 && tensor.shape[0] == 1 && [1, 3].contains(tensor.shape[3]),
      "a picture is made of a tensor [1, height, width, 1 or 3], not one of shape \(tensor.shape)")
    require(tensor.isFinite, "a tensor with values that are not finite is no picture")
    let bytes = tensor.withValues { values in
      values.map { UInt8((min(max($0, 0), 1) * 255).rounded(.toNearestOrEven)) }
    }
    self.init(bytes, height: tensor.shape[1], width: tensor.shape[2], channels: tensor.shape[3])
  }

  /// The picture of a finite tensor `[1, height, width, channels]` in [−1, 1]: that of x · 0.5 + 0.5.
  public init(signed tensor: Tensor) { self.init(unit: tensor.scaled(by: 0.5, plus: 0.5)) }

  private func tensor(_ value: (UInt8) -> Float) -> Tensor {
    let table = (0...255).map { value(UInt8($0)) }
    return Tensor(pixels.map { table[Int($0)] }, shape: [1, height, width, 3])
  }
}
