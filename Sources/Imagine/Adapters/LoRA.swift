import LineupFamilies
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupSupport
import LineupTensors

/// A low-rank adapter of a published checkpoint (Hu et al. 2021), read from a file and added to the weights of its networks:
/// W + scale · (α / r) · up · down.
///
/// Files name layers in several ways, see `AdapterLayers`; convolutions (LoCon) and weight decomposition (DoRA, Liu et al.
/// 2024) are understood. Several adapters are merged one after the other.
package struct LoRA: Sendable {
  package let path: String
  private let file: SafetensorsFile
  private let header: AdapterHeader

  /// Opens a file; only merging says whether it fits a model.
  ///
  /// - Throws: `ModelFileError` for a pickle file, else a `Fault`.
  package init(path: String) throws {
    if PickleFile.isAt(path) { throw ModelFileError.pickle(path: path) }
    self.path = path
    file = try SafetensorsFile(path: path)
    header = try AdapterHeader(file)
  }

  /// Adds the adapter to the weights.
  ///
  /// Tensors for layers that the model does not have are listed in the report. An error that lists all problems, and leaves
  /// the weights alone, are a file of which nothing belongs to the model, halves of pairs, wrong shapes and kinds of adapters
  /// that are not supported.
  package func merge(
    into unet: inout UNet2DConditionModel, text: inout CLIPTextModel, scale: Float = 1
  ) throws(Fault) -> LoRAReport {
    let (changes, unmatched) = try self.changes(in: AdapterLayers(unet: unet, text: text))
    for (network, changes) in changes {
      let body = { (name: String, weight: inout Tensor) in
        if let change = changes[name] { weight = change.applied(to: weight, scale: scale) }
      }
      switch network {
      case .unet: unet.forEachTensor(body)
      case .text: text.forEachTensor(body)
      }
    }
    return LoRAReport(path: path, layers: changes.values.reduce(0) { $0 + $1.count }, unmatched: unmatched)
  }

  /// The change of each layer under its weight's name in the walk, and the tensors that belong to none.
  private func changes(
    in layers: AdapterLayers
  ) throws(Fault) -> ([AdapterLayers.Network: [String: AdapterChange]], unmatched: [String]) {
    var parts: [AdapterLayers.Layer: [AdapterPart: TensorEntry]] = [:]
    var unmatched: [String] = []
    var problems: [String] = []
    for entry in file.entries {
      guard let (layer, rest) = layers.layer(of: entry.name) else {
        unmatched.append(entry.name)
        continue
      }
      guard let part = AdapterPart(rest) else {
        problems.append("\(entry.name): \"\(rest)\" is no part of an adapter that is supported")
        continue
      }
      if let first = parts[layer, default: [:]].updateValue(entry, forKey: part) {
        problems.append("\(entry.name): the same as \(first.name)")
      }
    }
    if parts.isEmpty { problems += unmatched.map { "\($0): the model has no such layer" } }
    if file.entries.isEmpty { problems.append("there are no tensors") }
    var changes: [AdapterLayers.Network: [String: AdapterChange]] = [:]
    for (layer, parts) in parts.sorted(by: { $0.key.module < $1.key.module }) {
      do throws(AdapterChange.Misfit) {
        changes[layer.network, default: [:]][layer.weight] = try AdapterChange(
          parts, of: layer, in: file, alpha: header.alpha(of: layer))
      } catch {
        problems += error.problems
      }
    }
    guard problems.isEmpty else { throw .unfit(path, problems) }
    return (changes, unmatched)
  }
}

/// What became of an adapter's tensors.
package struct LoRAReport: Sendable, Equatable, CustomStringConvertible {
  package var path: String
  /// The number of layers that were changed.
  package var layers: Int
  /// Tensors for layers that the model does not have, in the order of the file.
  package var unmatched: [String]

  package var description: String {
    let merged = "\(path): changed \(layers) layers"
    guard !unmatched.isEmpty else { return merged + "." }
    return merged + "; the model has no layers for\n" + unmatched.map { "  \($0)" }.joined(separator: "\n")
  }
}
