import ArgumentParser
import LineupImagine

/// The options for one group of the settings of a picture, as ``PictureSettings/all`` lists them.
///
/// The parser finds options among the properties of a type by reflection; these show themselves to it from the list.
struct SettingArguments<Group: SettingGroup>: ParsableArguments, CustomReflectable {
  /// What was given, by the options' names.
  private(set) var values: [String: [String]] = [:]

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: OptionKey.self)
    for setting in Self.settings {
      let key = OptionKey(setting.option)
      switch setting.form {
      case .flag:
        values[setting.option] = try container.decode(Flag<Bool?>.self, forKey: key).wrappedValue.map { ["\($0)"] }
      case .value:
        values[setting.option] = try container.decode(Option<String?>.self, forKey: key).wrappedValue.map { [$0] }
      case .values:
        let given = try container.decode(Option<[String]>.self, forKey: key).wrappedValue
        values[setting.option] = given.isEmpty ? nil : given
      }
    }
  }

  var customMirror: Mirror { Mirror(self, children: Self.settings.map { ($0.option, Self.definition($0)) }) }

  private static var settings: [PictureSetting] { PictureSettings.all.filter { $0.group == Group.group } }

  private static func definition(_ setting: PictureSetting) -> Any {
    let help = ArgumentHelp(stringLiteral: setting.help)
    let name = NameSpecification.customLong(setting.option)
    return switch setting.form {
    case .flag: Flag<Bool?>(name: name, inversion: .prefixedNo, help: help)
    case .value:
      Option<String?>(
        name: name, parsing: setting.isNumber ? .unconditional : .next, help: help, completion: completion(setting))
    case .values:
      Option<[String]>(
        wrappedValue: [], name: name, parsing: setting.isNumber ? .unconditionalSingleValue : .singleValue, help: help,
        completion: completion(setting))
    }
  }

  private static func completion(_ setting: PictureSetting) -> CompletionKind? {
    switch setting.completion {
    case .none: nil
    case .folder: .directory
    case .file(let endings): .file(extensions: endings)
    case .words(let words): .list(words)
    }
  }
}

/// A group of settings as a type, because the parser makes options from types.
protocol SettingGroup { static var group: PictureSetting.Group { get } }

enum ModelSettings: SettingGroup { static let group = PictureSetting.Group.model }
enum DrawingSettings: SettingGroup { static let group = PictureSetting.Group.picture }
enum SourceSettings: SettingGroup { static let group = PictureSetting.Group.sources }
enum OutputSettings: SettingGroup { static let group = PictureSetting.Group.output }

/// An option's name as the parser's key.
private struct OptionKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { nil }
}
