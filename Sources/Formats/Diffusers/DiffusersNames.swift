import LineupNetworks
import LineupSupport
import LineupTensors

/// The door between this package's modules and files in the layout of diffusers and transformers.
///
/// The walks of the conditional U-Net, the text encoder and the autoencoder name their tensors as those libraries do, in
/// camel case, so that names are turned by rule. Layouts differ: convolutions there are `[out, in, height, width]`, linear
/// layers `[out, in]`, and the scale and offset of a normalisation are called weight and bias.
package struct DiffusersNames: Sendable {
  /// Names of linear layers that the file keeps as 1×1 convolutions.
  private let pointwise: Set<String>

  /// For an `AutoencoderKL` or a `CLIPTextModel`.
  package static let plain = DiffusersNames(pointwise: [])

  /// For a `UNet2DConditionModel`; with `linearProjection` (Stable Diffusion 2) its transformers' projections are linear
  /// layers in the file, otherwise 1×1 convolutions. [use_linear_projection]
  package static func unet(linearProjection: Bool = false) -> DiffusersNames {
    DiffusersNames(pointwise: linearProjection ? [] : ["projIn", "projOut"])
  }

  /// The name in a file of a tensor with this name in the walk.
  package func name(of own: String) -> String {
    var parts = own.split(separator: ".").map(String.init)
    switch parts.last {
    case "scale": parts[parts.count - 1] = "weight"
    case "offset": parts[parts.count - 1] = "bias"
    default: break
    }
    return parts.map(Self.snakeCase).joined(separator: ".")
  }

  private static func snakeCase(_ name: String) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
  }

  /// How a tensor's axes lie in a file.
  private enum Layout { case same, transposed, convolution, pointwise }

  private func layout(_ name: String, _ tensor: Tensor) -> Layout {
    let parts = name.split(separator: ".").map(String.init)
    guard parts.last == "weight", parts.count >= 2 else { return .same }
    // Tables of vectors are no linear layers.
    if parts[parts.count - 2].hasSuffix("Embedding") || parts[parts.count - 2] == "timeProj" { return .same }
    switch tensor.rank {
    case 4: return .convolution
    case 2: return pointwise.contains(parts[parts.count - 2]) ? .pointwise : .transposed
    default: return .same
    }
  }

  /// A module's parameters and buffers as they stand in a file.
  package func exported(_ module: some Module) -> [NamedTensor] { module.tensors.map(exported) }

  /// A tensor of a module's walk, or its gradient, as it stands in a file.
  package func exported(_ own: NamedTensor) -> NamedTensor {
    let value =
      switch layout(own.name, own.value) {
      case .same: own.value
      case .transposed: own.value.transposed()
      case .convolution: own.value.permuted([3, 2, 0, 1])
      case .pointwise: own.value.transposed().reshaped(to: own.value.shape.reversed() + [1, 1])
      }
    return NamedTensor(name: name(of: own.name), value: value)
  }

  /// Fills a module's parameters and buffers from a file, tensor by tensor. Every missing, extra and misshapen tensor is
  /// listed in one error, and then the module is left as it was; names that `ignored` accepts are not extra.
  package func load<M: Module>(
    into module: inout M, from source: some TensorSource, ignoring ignored: (String) -> Bool = { _ in false }
  ) throws(Fault) {
    var problems = self.problems(of: module, with: source, ignoring: ignored)
    guard problems.isEmpty else { throw .unfit(source.path, problems) }
    module.forEachTensor { own, parameter in
      let name = name(of: own)
      let shape = parameter.shape
      do throws(Fault) {
        switch layout(own, parameter) {
        case .same: parameter = try source.tensor(name)
        case .transposed, .convolution: parameter = try source.weights(name)
        case .pointwise: parameter = try source.weights(name).reshaped(to: shape)
        }
      } catch {
        problems.append("\(source.nameInFile(name)): \(error)")
      }
    }
    guard problems.isEmpty else { throw .unfit(source.path, problems) }
  }

  /// One sentence for every tensor of a file that does not fit a module, by names and shapes alone. Tensors that are there
  /// go by their names in the file, missing ones by that of diffusers.
  package func problems(
    of module: some Module, with source: some TensorSource, ignoring ignored: (String) -> Bool = { _ in false }
  ) -> [String] {
    let expected = shapes(of: module)
    var problems: [String] = []
    for (name, shape) in expected {
      if let entry = source.entry(name) {
        if entry.shape != shape {
          problems.append("\(source.nameInFile(name)): found shape \(entry.shape), expected \(shape)")
        }
      } else {
        problems.append("\(name): missing, expected shape \(shape)")
      }
    }
    let names = Set(expected.map(\.name))
    for entry in source.entries where !names.contains(entry.name) && !ignored(entry.name) {
      problems.append("\(source.nameInFile(entry.name)): in the file, but the model has no such tensor")
    }
    return problems
  }

  /// The names and shapes of a module's parameters and buffers in a file.
  package func shapes(of module: some Module) -> [(name: String, shape: [Int])] {
    var (found, copy) = ([(name: String, shape: [Int])](), module)
    copy.forEachTensor { found.append((name(of: $0), fileShape($0, $1))) }
    return found
  }

  private func fileShape(_ name: String, _ tensor: Tensor) -> [Int] {
    let shape = tensor.shape
    return switch layout(name, tensor) {
    case .same: shape
    case .transposed: shape.reversed()
    case .convolution: [shape[3], shape[2], shape[0], shape[1]]
    case .pointwise: shape.reversed() + [1, 1]
    }
  }
}
