import LineupFormats
import LineupSupport

/// What can be wrong with the files of a checkpoint, beside what is wrong inside a file of weights (`Fault`) or of
/// settings (`DiffusersConfigurationError`).
public enum ModelFileError: Error, CustomStringConvertible {
  /// Nothing of what would do is there.
  case missing(path: String, lookedFor: [String])
  /// A file that only Python's pickle can read.
  case pickle(path: String)
  /// A file or folder that is no checkpoint of Stable Diffusion.
  case unknownLayout(path: String, found: String, expected: String)
  /// A single file whose tensors do not tell everything that their networks need to know.
  case undecided(path: String, reason: String)
  /// All that is wrong, where it is more than one thing, and what was passed over.
  case several(path: String, errors: [any Error], notes: [String])

  /// All that does not fit, in sentences.
  public var description: String {
    switch self {
    case .missing(let path, let lookedFor):
      lookedFor.isEmpty
        ? "\(path): there is no such file or folder."
        : "\(path): none of these is there: \(lookedFor.joined(separator: ", "))."
    case .pickle(let path):
      "\(path): is a pickle file, which can run any code when it is read, so it is not opened. Get the checkpoint's "
        + ".safetensors file instead, or convert it once with a tool that you trust."
    case .unknownLayout(let path, let found, let expected): "\(path): found \(found), expected \(expected)."
    case .undecided(let path, let reason):
      "\(path): \(reason). Give the folder with the settings of its networks (unet/config.json, vae/config.json, "
        + "text_encoder/config.json), or put those folders beside the file."
    case .several(let path, let errors, let notes):
      "\(path): \(errors.count == 1 ? "one thing is" : "\(errors.count) things are") wrong:\n"
        + (errors.map { "\($0)" } + notes).joined(separator: "\n")
    }
  }
}

/// Errors of several files, gathered so that all are told at once.
struct ErrorCollection {
  private(set) var errors: [any Error] = []

  /// The value of `body`, or nil where it throws.
  mutating func collect<Value>(_ body: () throws -> Value) -> Value? {
    do {
      return try body()
    } catch ModelFileError.several(_, let inner, _) {
      errors += inner
    } catch {
      errors.append(error)
    }
    return nil
  }

  /// Throws what was gathered, with `notes` that can help to understand it; `path` is the checkpoint.
  func finish(_ path: String, notes: [String] = []) throws(ModelFileError) {
    if errors.count == 1, notes.isEmpty, let only = errors[0] as? ModelFileError { throw only }
    if !errors.isEmpty { throw .several(path: path, errors: errors, notes: notes) }
  }
}
