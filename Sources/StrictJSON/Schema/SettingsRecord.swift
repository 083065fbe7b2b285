/// A structure whose properties are settings: an object of a file.
public protocol SettingsRecord: Codable, Hashable, Sendable {
  /// Names the object in the schema and on the reference page.
  static var title: String { get }
  /// What it is, in a sentence or two.
  static var summary: String { get }
}

extension SettingsRecord {
  /// The object's description: its members in the order of the properties, with this value's as defaults.
  package var record: Record { Record(Self.title, Self.summary, fields: fields) }

  /// The members alone.
  package var fields: [Field] {
    Mirror(reflecting: self).children.compactMap { child in
      // The storage of a wrapped property has its name after an underscore.
      guard let setting = child.value as? any AnySetting, let label = child.label, label.hasPrefix("_") else {
        return nil
      }
      return setting.field(named: String(label.dropFirst()))
    }
  }
}

/// A structure of settings of which there are several kinds, told apart by one member.
package protocol SettingsVariants: SettingsRecord {
  static var variants: Variants { get }
}
