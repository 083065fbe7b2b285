import LineupStrictJSON
import LineupSupport

/// A `config.json` in the layout of diffusers: settings of one model under the names of its class's parameters.
package struct DiffusersConfiguration: Sendable {
  package let path: String
  /// The model's class. [_class_name]
  package private(set) var className: String
  private var document: JSONDocument

  /// - Parameter className: the class of a file that does not name it, which those of transformers do not.
  package init(path: String, className: String? = nil) throws(DiffusersConfigurationError) {
    let bytes: [UInt8]
    do {
      bytes = try WholeFile.read(path)
    } catch {
      let missing = error.kind == .missing ? "there is no such file" : nil
      throw .unreadable(path: path, reason: missing ?? error.cause ?? error.found ?? "\(error)")
    }
    try self.init(parsing: bytes, path: path, className: className)
  }

  /// Reads the bytes of a file; `path` goes into errors.
  package init(
    parsing bytes: [UInt8], path: String, className: String? = nil
  ) throws(DiffusersConfigurationError) {
    let document = try Self.parsed(bytes, path: path)
    guard case .object = document.value else {
      throw .malformed(place: Place(source: path), found: document.value.described, expected: "an object of settings")
    }
    guard let name = className ?? document.value["_class_name"]?.text else {
      throw .unfit(
        path: path,
        problems: [
          Self.problem("_class_name", in: document, expected: "the name of the model's class, such as \"UNet2DModel\"")
        ])
    }
    self.path = path
    self.document = document
    self.className = name
  }

  private static func parsed(_ bytes: [UInt8], path: String) throws(DiffusersConfigurationError) -> JSONDocument {
    do {
      let (document, duplicates) = try JSONParser.parse(bytes, source: path)
      guard let duplicate = duplicates.first else { return document }
      throw DiffusersConfigurationError.malformed(
        place: duplicate.second, found: "the key \(duplicate.pointer) a second time", expected: "each key once")
    } catch let error as JSONParser.SyntaxError {
      throw .malformed(place: error.place, found: error.found, expected: error.expected)
    } catch let error as DiffusersConfigurationError {
      throw error
    } catch {
      throw .unreadable(path: path, reason: "\(error)")
    }
  }

  /// The names of all settings, in the file's order.
  package var keys: [String] { document.value.keys }

  /// The same with another value of one setting, which may be new.
  package func replacing(_ key: String, with value: JSONValue) -> DiffusersConfiguration {
    var changed = self
    changed.document.value = document.value.replacing(key, with: value)
    return changed
  }

  /// The same as settings of another class.
  package func asClass(_ name: String) -> DiffusersConfiguration {
    var changed = replacing("_class_name", with: .string(name))
    changed.className = name
    return changed
  }

  /// What `read` makes of these settings without the keys that the class does not know, of which `notes` gets a sentence
  /// each: newer files have more keys than we know, and diffusers passes over them too.
  package func known<Result>(
    _ notes: inout [String], _ read: (DiffusersConfiguration) throws -> Result
  ) throws -> Result {
    do {
      return try read(self)
    } catch DiffusersConfigurationError.unfit(let path, let problems) {
      let unknown = problems.filter(\.isUnknownKey)
      notes += unknown.map { "\($0); it is not used" }
      let rest = problems.filter { !$0.isUnknownKey }
      guard rest.isEmpty else { throw DiffusersConfigurationError.unfit(path: path, problems: rest) }
      return try read(unknown.reduce(self) { $0.replacing($1.key, with: .null) })
    }
  }

  /// The value of a setting; nil where the file does not have it.
  package subscript(_ key: String) -> JSONValue? { document.value[key] }

  /// That a setting does not fit.
  func problem(_ key: String, expected: String) -> DiffusersConfigurationError.Problem {
    Self.problem(key, in: document, expected: expected)
  }

  private static func problem(
    _ key: String, in document: JSONDocument, expected: String
  ) -> DiffusersConfigurationError.Problem {
    .init(
      place: document.places[JSONPointer([key])], key: key,
      found: document.value[key]?.singleLineText ?? "nothing", expected: expected)
  }

  /// An error about one setting.
  package func unfit(_ key: String, expected: String) -> DiffusersConfigurationError {
    .unfit(path: path, problems: [problem(key, expected: expected)])
  }

  /// Height and width of the samples that the model was made for; nil where the file does not say. [sample_size]
  package var sampleSize: [Int]? {
    let size = self["sample_size"]
    return size?.integer.map { [$0, $0] } ?? size?.elements?.compactMap(\.integer)
  }
}
