import LineupFormats
import LineupLearning
import LineupNetworks
import LineupSupport
import LineupTensors

/// What an adapter does to one layer's weight.
struct AdapterChange {
  /// All that does not fit, one sentence each.
  struct Misfit: Error { var problems: [String] }

  /// The magnitudes of a decomposed weight (DoRA).
  private enum Magnitudes {
    /// `[outputs]`
    case ofOutputs(Tensor)
    /// `[inputs]`
    case ofInputs(Tensor)
  }

  /// `[height · width · inputs, rank]` and `[rank, outputs]`, with the weight's last axis for outputs.
  private let down: Tensor
  private let up: Tensor
  /// α / r, or α / √r for rank-stabilised adapters.
  private let factor: Float
  private let magnitudes: Magnitudes?

  /// `alpha` is the header's word for files that have no tensor for it; without either α is r.
  init(
    _ parts: [AdapterPart: TensorEntry], of layer: AdapterLayers.Layer, in file: SafetensorsFile,
    alpha: AdapterHeader.Alpha?
  ) throws(Misfit) {
    guard let down = parts[.down], let up = parts[.up] else {
      let missing = parts[.down] == nil && parts[.up] == nil ? "down and up" : parts[.down] == nil ? "down" : "up"
      throw Misfit(problems: ["\(layer.module): the file has no \(missing) for \(Self.names(parts))"])
    }
    let problems = Self.problems(parts, down, up, layer)
    guard problems.isEmpty else { throw Misfit(problems: problems) }
    do throws(Fault) {
      let rank = down.shape[0]
      self.down = try file.weights(down.name).reshaped(to: [-1, rank])
      self.up = try file.weights(up.name).reshaped(to: [rank, up.shape[0]])
      if let alpha = parts[.alpha] {
        factor = try file.tensor(alpha.name).values[0] / Float(rank)
      } else {
        factor = alpha?.factor(rank: rank) ?? 1
      }
      if let entry = parts[.magnitude] {
        magnitudes = .ofOutputs(try file.tensor(entry.name).reshaped(to: [-1]))
      } else if let entry = parts[.decomposition] {
        let lengths = try file.tensor(entry.name).reshaped(to: [-1])
        magnitudes = entry.shape[0] == up.shape[0] ? .ofOutputs(lengths) : .ofInputs(lengths)
      } else {
        magnitudes = nil
      }
    } catch {
      throw Misfit(problems: ["\(error)"])
    }
  }

  /// The changed weight. A decomposed weight takes its directions from the sum and its lengths from the file, as PEFT
  /// merges.
  func applied(to weight: Tensor, scale: Float) -> Tensor {
    let change = matmul(down, up).scaled(by: scale * factor)
    let sum = weight + change.reshaped(to: weight.shape)
    switch magnitudes {
    case nil: return sum
    case .ofOutputs(let lengths):
      let axes = Array(0..<weight.rank - 1)
      return sum * (lengths / sqrt(square(sum).sum(overAxes: axes)))
    case .ofInputs(let lengths):
      let axes = Array(0..<weight.rank - 2) + [weight.rank - 1]
      return sum * (lengths / sqrt(square(sum).sum(overAxes: axes))).reshaped(to: [-1, 1])
    }
  }

  private static func problems(
    _ parts: [AdapterPart: TensorEntry], _ down: TensorEntry, _ up: TensorEntry,
    _ layer: AdapterLayers.Layer
  ) -> [String] {
    let (inputs, outputs) = (layer.shape[layer.shape.count - 2], layer.shape[layer.shape.count - 1])
    let kernel = layer.shape.count == 4 ? Array(layer.shape.prefix(2)) : [1, 1]
    let rank = down.shape.first ?? 0
    var problems: [String] = []
    func check(_ entry: TensorEntry, _ allowed: [[Int]]) {
      if !allowed.contains(entry.shape) {
        let expected = allowed.map { "\($0)" }.joined(separator: " or ")
        problems.append("\(entry.name): found shape \(entry.shape), expected \(expected)")
      }
    }
    check(down, [[rank, inputs] + kernel] + (kernel == [1, 1] ? [[rank, inputs]] : []))
    check(up, [[outputs, rank, 1, 1], [outputs, rank]])
    if rank == 0 { problems.append("\(down.name): found rank 0, expected at least 1") }
    if let alpha = parts[.alpha] { check(alpha, [[], [1]]) }
    if let lengths = parts[.magnitude] { check(lengths, [[outputs], [1, outputs, 1, 1]]) }
    if let lengths = parts[.decomposition] {
      check(lengths, [[outputs, 1], [outputs, 1, 1, 1], [1, inputs], [1, inputs, 1, 1]])
    }
    return problems
  }

  private static func names(_ parts: [AdapterPart: TensorEntry]) -> String {
    parts.values.map(\.name).sorted().joined(separator: ", ")
  }
}
