/// One setting of a drawing: its name, how it is given, what it takes and what it means. ``PictureSettings/all`` lists them.
package struct PictureSetting: Sendable {
  /// What a setting is about; help texts keep those of a group together.
  package enum Group: Sendable { case model, picture, sources, output }

  /// How an option gives a setting.
  package enum Form: Sendable {
    /// By standing there, and with `no-` before its name as the opposite; the value is "true" or "false".
    case flag
    case value
    /// With several values, in order.
    case values
  }

  /// What a command line can offer for a value.
  package enum Completion: Sendable {
    case none, folder
    /// Files with one of these endings.
    case file([String])
    case words([String])
  }

  /// The property of ``PictureSettings``, and the member of the notes in a picture's file.
  package let name: String
  /// The option's name, without dashes.
  package let option: String
  package let group: Group
  package let form: Form
  package let completion: Completion
  /// Whether a value can begin with a minus sign, which else begins an option.
  package let isNumber: Bool
  /// A phrase that follows "must be" and "expected".
  package let expected: String
  /// Meaning, values and default in sentences.
  package let help: String
  /// Takes over values; gives a phrase that follows the setting's name where they do not fit.
  let take: @Sendable ([String], inout PictureSettings) -> String?
  /// The value as text; nil where there is none.
  let text: @Sendable (PictureSettings) -> String?
  let isAllowed: @Sendable (PictureSettings) -> Bool

  /// Puts the values of an option into settings.
  package func set(_ values: [String], in settings: inout PictureSettings) throws(PictureSettingsError) {
    if let problem = take(values, &settings) { throw PictureSettingsError("--\(option) \(problem)") }
  }

  /// What is wrong with the value in settings, as a sentence.
  func problem(in settings: PictureSettings) -> String? {
    isAllowed(settings) ? nil : "--\(option) must be \(expected); got \(text(settings) ?? "nothing")"
  }
}

extension PictureSetting {
  /// A setting that stands for none, one or several values of a type.
  ///
  /// - Parameters:
  ///   - option: the option's name where it is not the property's with dashes.
  ///   - usual: the default in words.
  ///   - values: the values in settings.
  ///   - put: puts values into settings, or tells in a phrase after the option's name why not.
  init<Value>(
    _ name: String, _ group: Group, _ form: Form, _ type: SettingType<Value>, option: String? = nil, _ sentence: String,
    default usual: String?, values: @escaping @Sendable (PictureSettings) -> [Value],
    put: @escaping @Sendable ([Value], inout PictureSettings) -> String?
  ) {
    (self.name, self.group, self.form) = (name, group, form)
    self.option = option ?? name.map { $0.isUppercase ? "-\($0.lowercased())" : "\($0)" }.joined()
    (completion, isNumber, expected) = (type.completion, type.isNumber, type.expected)
    let choices = if case .words = type.completion { "One of \(type.expected)." } else { String?.none }
    help = [sentence, choices, form == .values ? "May be given several times." : nil, usual.map { "Default: \($0)." }]
      .compactMap(\.self).joined(separator: " ")
    take = { texts, settings in
      var taken: [Value] = []
      for text in texts {
        guard let value = type.value(text) else { return "must be \(type.expected); got \(text)" }
        taken.append(value)
      }
      return put(taken, &settings)
    }
    text = { settings in
      let texts = values(settings).map(type.write)
      return texts.isEmpty ? nil : texts.joined(separator: ", ")
    }
    isAllowed = { values($0).allSatisfy(type.allows) }
  }

  /// A setting that always has a value, its default that of new settings.
  static func always<Value>(
    _ name: String, _ group: Group, _ path: any WritableKeyPath<PictureSettings, Value> & Sendable,
    _ type: SettingType<Value>, option: String? = nil, _ sentence: String, default usual: String? = nil
  ) -> PictureSetting {
    let isFlag = Value.self == Bool.self
    let own = isFlag ? "" : type.write(PictureSettings()[keyPath: path])
    return PictureSetting(
      name, group, isFlag ? .flag : .value, type, option: option, sentence, default: usual ?? (own.isEmpty ? nil : own),
      values: { [$0[keyPath: path]] },
      put: {
        $1[keyPath: path] = $0.last ?? $1[keyPath: path]
        return nil
      })
  }

  /// A setting that need not have a value.
  static func perhaps<Value>(
    _ name: String, _ group: Group, _ path: any WritableKeyPath<PictureSettings, Value?> & Sendable,
    _ type: SettingType<Value>, _ sentence: String, default usual: String? = nil
  ) -> PictureSetting {
    PictureSetting(
      name, group, Value.self == Bool.self ? .flag : .value, type, sentence, default: usual,
      values: { $0[keyPath: path].map { [$0] } ?? [] },
      put: {
        $1[keyPath: path] = $0.last
        return nil
      })
  }

  /// A setting with any number of values.
  static func several<Value>(
    _ name: String, _ group: Group, _ path: any WritableKeyPath<PictureSettings, [Value]> & Sendable,
    _ type: SettingType<Value>, option: String, _ sentence: String
  ) -> PictureSetting {
    PictureSetting(
      name, group, .values, type, option: option, sentence, default: nil, values: { $0[keyPath: path] },
      put: {
        $1[keyPath: path] = $0
        return nil
      })
  }
}

/// What is wrong with settings, in a sentence that names the option.
public struct PictureSettingsError: Error, Equatable, CustomStringConvertible {
  /// What was found and what was expected, in a sentence.
  public let description: String

  init(_ description: String) { self.description = description }
}
