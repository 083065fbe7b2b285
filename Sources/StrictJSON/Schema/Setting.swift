/// What a setting may be and what it does: all that a file's reader, its schema and its reference page need beside the
/// setting's name and default, which are those of the property.
package struct SettingDescription: Sendable {
  package var shape: Shape
  /// What it does, in a sentence or two for people.
  package var summary: String

  package init(_ shape: Shape, _ summary: String) { (self.shape, self.summary) = (shape, summary) }
}

/// One setting, declared once: `@Setting(.integer(1...8), "Residual blocks in each level.") var blocks = 2`.
///
/// The property's name is the member's name in a file, its first value the default.
@propertyWrapper
public struct Setting<Value: Codable & Hashable & Sendable>: Sendable {
  /// The setting itself.
  public var wrappedValue: Value
  /// Nil in values that were read from a file, which are described elsewhere.
  let description: SettingDescription?

  package init(wrappedValue: Value, _ description: SettingDescription) {
    (self.wrappedValue, self.description) = (wrappedValue, description)
  }

  package init(wrappedValue: Value, _ shape: Shape, _ summary: String) {
    self.init(wrappedValue: wrappedValue, SettingDescription(shape, summary))
  }

  /// One of an enumeration's names.
  package init(wrappedValue: Value, _ summary: String)
  where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    self.init(wrappedValue: wrappedValue, .choice(Value.allCases.map(\.rawValue)), summary)
  }

  package init(wrappedValue: Bool, _ summary: String) where Value == Bool {
    self.init(wrappedValue: wrappedValue, .boolean, summary)
  }

  /// An object of settings whose defaults are those of this value.
  package init(wrappedValue: Value, _ summary: String) where Value: SettingsRecord {
    self.init(wrappedValue: wrappedValue, .record(wrappedValue.record), summary)
  }

  /// An object of one of several kinds.
  package init(wrappedValue: Value, _ summary: String) where Value: SettingsVariants {
    self.init(wrappedValue: wrappedValue, .variants(Value.variants), summary)
  }
}

extension Setting: Codable {
  /// The value alone, as files have it.
  public init(from decoder: any Decoder) throws {
    wrappedValue = try Value(from: decoder)
    description = nil
  }

  /// The value alone, as files have it.
  public func encode(to encoder: any Encoder) throws { try wrappedValue.encode(to: encoder) }
}

extension Setting: Hashable {
  /// Whether both values are equal; the description is the same for all.
  public static func == (left: Self, right: Self) -> Bool { left.wrappedValue == right.wrappedValue }
  /// The value's hash.
  public func hash(into hasher: inout Hasher) { hasher.combine(wrappedValue) }
}

extension KeyedDecodingContainer {
  /// A setting that a file may leave out.
  package func decode<Value>(_ type: Setting<Value?>.Type, forKey key: Key) throws -> Setting<Value?> {
    Setting(value: try decodeIfPresent(Value.self, forKey: key))
  }
}

extension KeyedEncodingContainer {
  /// A setting that is not given is left out, too.
  package mutating func encode<Value>(_ setting: Setting<Value?>, forKey key: Key) throws {
    try encodeIfPresent(setting.wrappedValue, forKey: key)
  }
}

extension Setting {
  fileprivate init(value: Value) { (wrappedValue, description) = (value, nil) }

  /// The member of a record that this setting is, under its property's name.
  func field(named name: String) -> Field? {
    guard let description else { return nil }
    let value = JSONValue(encoding: wrappedValue)
    let presence: Field.Presence =
      value == .null ? .optional : .standard(description.shape.fillsItself ? [:] : value)
    return Field(name, description.shape, presence, description.summary)
  }
}

/// Any setting, so that reflection finds them.
protocol AnySetting {
  func field(named name: String) -> Field?
}

extension Setting: AnySetting {}
