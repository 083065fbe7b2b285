import Foundation
import LineupFormats
import LineupSupport
import LineupTensors

/// What can be wrong with a textual inversion, or with adding it to a checkpoint.
package enum TextualInversionError: Error, CustomStringConvertible, Equatable {
  case unreadable(Fault)
  case unfit(file: String, found: String, expected: String)
  case wrongWidth(token: String, found: Int, expected: Int)
  case tokenExists(String)

  package var description: String {
    switch self {
    case .unreadable(let error): "\(error)"
    case .unfit(let file, let found, let expected): "\(file): found \(found), expected \(expected)"
    case .wrongWidth(let token, let found, let expected):
      "the textual inversion \(token) has vectors of width \(found), but the text encoder's are \(expected) wide: it was "
        + "made for another kind of checkpoint"
    case .tokenExists(let token):
      "the token \(token) is in the vocabulary already; give the textual inversion another token"
    }
  }
}

/// A word whose vectors were learned from pictures (Gal et al. 2022), to be added to a text encoder's table.
package struct TextualInversion: Sendable {
  /// The word as prompts write it.
  package var token: String
  /// `[vectors, width]`.
  package var vectors: Tensor

  package init(token: String, vectors: Tensor) { (self.token, self.vectors) = (token, vectors) }

  /// Reads a safetensors file with one vector or a matrix of them, under the token (diffusers) or under `emb_params` or
  /// `clip_l` (other programs). Files that are pickled Python objects are refused: reading one may run any code.
  ///
  /// - Parameter token: the word; nil for the file's own name of it, which is the file's name where it says none.
  package init(file: String, token: String? = nil) throws(TextualInversionError) {
    try Self.refusePickle(file)
    let entries: SafetensorsFile
    do { entries = try SafetensorsFile(path: file) } catch { throw .unreadable(error) }
    let names = entries.entries.map(\.name)
    guard let name = names.count == 1 ? names[0] : names.first(where: { $0 == "emb_params" }) else {
      throw .unfit(
        file: file, found: "the tensors \(names.sorted().joined(separator: ", "))",
        expected: "one tensor: the vectors for one text encoder")
    }
    let values: Tensor
    do { values = try entries.tensor(name) } catch { throw .unreadable(error) }
    guard (1...2).contains(values.rank), values.count > 0 else {
      throw .unfit(
        file: file, found: "\(name) of shape \(values.shape)",
        expected: "a vector, or a matrix with a row for each vector")
    }
    vectors = values.rank == 1 ? values.reshaped(to: [1, values.count]) : values
    let isNameless = ["emb_params", "clip_l", "*"].contains(name)
    let own = isNameless ? URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent : name
    self.token = token ?? own
    guard !self.token.isEmpty else { throw .unfit(file: file, found: "an empty token", expected: "a word") }
  }

  /// The words that stand for single vectors, as diffusers numbers them: token, token_1, token_2, …
  var words: [String] { (0..<vectors.shape[0]).map { $0 == 0 ? token : "\(token)_\($0)" } }

  private static func refusePickle(_ file: String) throws(TextualInversionError) {
    guard PickleFile.beginsAt(file) else { return }
    throw .unfit(
      file: file, found: "a pickle of Python objects, which is not read because it may run any code",
      expected:
        "a safetensors file; load it with torch.load(FILE, weights_only=True) in Python and save its tensor with "
        + "safetensors.torch.save_file")
  }
}
