import Foundation

/// A `config.json` in the layout of diffusers: settings of one model under the names of its class's parameters.
public struct DiffusersConfiguration: Sendable {
  public let path: String
  /// The model's class. [_class_name]
  public let className: String
  let settings: [String: DiffusersSetting]

  public init(path: String) throws(DiffusersConfigurationError) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      let exists = FileManager.default.fileExists(atPath: path)
      throw .unreadable(path: path, reason: exists ? error.localizedDescription : "there is no such file")
    }
    try self.init(parsing: data, path: path)
  }

  /// Reads the bytes of a file; `path` goes into errors.
  public init(parsing data: Data, path: String) throws(DiffusersConfigurationError) {
    do {
      settings = try JSONDecoder().decode([String: DiffusersSetting].self, from: data)
    } catch DecodingError.dataCorrupted {
      throw .malformed(path: path, place: "its text", reason: "it is no valid JSON")
    } catch {
      throw .malformed(path: path, place: "its text", reason: "it is no JSON object of settings")
    }
    self.path = path
    guard case .text(let name)? = settings["_class_name"] else {
      throw .unfit(
        path: path,
        problems: [
          .init(
            key: "_class_name", found: settings["_class_name"]?.description ?? "nothing",
            expected: "the name of the model's class, such as \"UNet2DModel\"")
        ])
    }
    className = name
  }

  /// An error about one key.
  public func unfit(_ key: String, expected: String) -> DiffusersConfigurationError {
    .unfit(
      path: path,
      problems: [.init(key: key, found: settings[key]?.description ?? "nothing", expected: expected)])
  }

  /// Height and width of the samples that the model was made for; nil where the file does not say. [sample_size]
  public var sampleSize: [Int]? {
    switch settings["sample_size"] {
    case .integer(let side)?: [side, side]
    case .list(let sides)?: sides.compactMap(\.integer)
    default: nil
    }
  }
}
