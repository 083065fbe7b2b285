import LineupKernels
import LineupSupport
import LineupTensors

/// The description of one tensor in a file.
public struct TensorEntry: Sendable, Equatable {
  /// The tensor's full name.
  public var name: String
  /// Its type under the name that safetensors has for it, such as F16.
  public var dtype: String
  /// Its shape as stored.
  public var shape: [Int]
  /// Where its bytes lie in its file, relative to the first byte after the header.
  public var offsets: Range<Int>

  /// What a header says of one tensor.
  public init(name: String, dtype: String, shape: [Int], offsets: Range<Int>) {
    (self.name, self.dtype, self.shape, self.offsets) = (name, dtype, shape, offsets)
  }
}

/// Named tensors on disk: one file, several that belong together, or a view of either under other names.
public protocol TensorSource: Sendable {
  /// The file that errors name.
  var path: String { get }
  var entries: [TensorEntry] { get }
  func entry(_ name: String) -> TensorEntry?
  /// What errors call a tensor that is there: its name in the file.
  func nameInFile(_ name: String) -> String
  /// Lends the bytes of a tensor, which are little-endian, row-major and packed, at any alignment. Without a tensor of this
  /// name `body` is not called.
  func withBytes(of name: String, _ body: (UnsafeRawBufferPointer) -> Void)
}

extension TensorSource {
  /// Whether there is a tensor of that name.
  public func contains(_ name: String) -> Bool { entry(name) != nil }

  /// The name itself, for sources that rename nothing.
  public func nameInFile(_ name: String) -> String { name }

  /// One tensor, converted to `Float`, in the layout of the file.
  public func tensor(_ name: String) throws(Fault) -> Tensor {
    let entry = try present(name)
    return Tensor(shape: entry.shape) { out in
      withBytes(of: name) { convertToFloat($0, dtype: entry.dtype, count: out.count, into: out) }
    }
  }

  /// The weights of a linear layer, `[outputs, inputs]` in the file, as `[inputs, outputs]`, or of a convolution, `[outputs,
  /// inputs, height, width]` there, as `[height, width, inputs, outputs]`.
  public func weights(_ name: String) throws(Fault) -> Tensor {
    let entry = try present(name)
    require(entry.shape.count >= 2, "a tensor of shape \(entry.shape) cannot be the weights of a layer")
    let (outputs, inputs) = (entry.shape[0], entry.shape[1])
    let taps = entry.shape.dropFirst(2).reduce(1, *)
    return Tensor(shape: entry.shape.dropFirst(2) + [inputs, outputs]) { out in
      guard !out.isEmpty else { return }
      func lay(_ format: FileFloat, _ raw: UnsafeRawPointer) {
        readWeights(format, outputs: outputs, inputs: inputs, taps: taps, raw, into: out.baseAddress!)
      }
      withBytes(of: name) { raw in
        if let format = FileFloat(dtype: entry.dtype) { return lay(format, raw.baseAddress!) }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: out.count) { floats in
          convertToFloat(raw, dtype: entry.dtype, count: out.count, into: floats)
          lay(.single, floats.baseAddress!)
        }
      }
    }
  }

  private func present(_ name: String) throws(Fault) -> TensorEntry {
    guard let entry = entry(name) else {
      throw .malformed(path, place: "tensor \(name)", found: "nothing", expected: "a tensor")
    }
    return entry
  }
}
