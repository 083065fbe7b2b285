import LineupTensors

/// The random numbers that torch draws from a seed, so that a seed gives the noise that it gives in diffusers.
public struct TorchGenerator: Sendable {
  /// Whose numbers: those of a generator on a CPU, or of one on a GPU.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    case torchCPU = "torch-cpu"
    case torchCUDA = "torch-cuda"
  }

  private enum Source: Sendable {
    case cpu(TorchCPUNormals)
    case cuda(TorchCUDANormals)
  }

  private var source: Source

  /// A generator as `torch.Generator(device).manual_seed(seed)` makes it. On a CPU only the seed's low 32 bits count.
  package init(_ kind: Kind, seed: UInt64) {
    source =
      switch kind {
      case .torchCPU: .cpu(TorchCPUNormals(seed: seed))
      case .torchCUDA: .cuda(TorchCUDANormals(seed: seed))
      }
  }

  /// What `torch.randn(shape)` draws next.
  package mutating func normal(_ shape: [Int]) -> Tensor {
    Tensor(shape: shape) { values in
      switch source {
      case .cpu(var normals):
        normals.fill(values)
        source = .cpu(normals)
      case .cuda(var normals):
        normals.fill(values)
        source = .cuda(normals)
      }
    }
  }

  /// Noise for pictures, drawn in torch's order `[batch, channels, height, width]` and given as
  /// `[batch, height, width, channels]`.
  package mutating func imageNoise(batch: Int, height: Int, width: Int, channels: Int) -> Tensor {
    normal([batch, channels, height, width]).permuted([0, 2, 3, 1])
  }
}
