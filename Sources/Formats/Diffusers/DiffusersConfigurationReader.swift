import LineupNetworks
import LineupStrictJSON

extension JSONValue {
  /// Whether this is true, or nil where it is neither true nor false.
  fileprivate var flag: Bool? { if case .boolean(let flag) = self { flag } else { nil } }
}

/// Reads a `config.json` key by key, with the defaults of the model's class, and collects all that does not fit.
///
/// Every key that the class knows must be asked for: what is left over at the end is a problem too, apart from keys that
/// begin with an underscore, which are notes of the library to itself.
package struct DiffusersConfigurationReader {
  private let configuration: DiffusersConfiguration
  private var asked: Set<String> = []
  private var problems: [DiffusersConfigurationError.Problem] = []

  package init(_ configuration: DiffusersConfiguration) { self.configuration = configuration }

  /// Notes that a key's value does not fit.
  package mutating func reject(_ key: String, expected: String) { reject(key, expected: expected, isUnknown: false) }

  private mutating func reject(_ key: String, expected: String, isUnknown: Bool) {
    guard !problems.contains(where: { $0.key == key }) else { return }
    var problem = configuration.problem(key, expected: expected)
    problem.isUnknownKey = isUnknown
    problems.append(problem)
  }

  /// Throws all problems at once, unknown keys among them.
  package mutating func finish() throws(DiffusersConfigurationError) {
    for key in configuration.keys where !asked.contains(key) && !key.hasPrefix("_") {
      reject(key, expected: "no such key in a \(configuration.className)", isUnknown: true)
    }
    guard problems.isEmpty else { throw .unfit(path: configuration.path, problems: problems) }
  }

  /// A key's value where `read` understands it, the default where the file lacks the key.
  package mutating func value<Value>(
    _ key: String, default fallback: Value, expected: String, _ read: (JSONValue) -> Value?
  ) -> Value {
    asked.insert(key)
    guard let setting = configuration[key] else { return fallback }
    if let value = read(setting) { return value }
    reject(key, expected: expected)
    return fallback
  }

  package mutating func integer(_ key: String, default fallback: Int, in range: ClosedRange<Int> = 1...1_000_000) -> Int
  {
    value(key, default: fallback, expected: Self.described(range)) { setting in
      setting.integer.flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// An odd whole number, which a kernel's side must be.
  package mutating func oddInteger(_ key: String, default fallback: Int) -> Int {
    value(key, default: fallback, expected: "an odd whole number up to 99") { setting in
      setting.integer.flatMap { (1...99).contains($0) && $0 % 2 == 1 ? $0 : nil }
    }
  }

  /// Whether the file says anything else than null for a key.
  package mutating func hasValue(_ key: String) -> Bool {
    asked.insert(key)
    return (configuration[key] ?? .null) != .null
  }

  /// Whether the value of a key is a list with lists in it.
  package func hasNestedLists(_ key: String) -> Bool {
    configuration[key]?.elements?.contains { $0.elements != nil } ?? false
  }

  /// A whole number above zero, or null.
  package mutating func optionalInteger(_ key: String, default fallback: Int? = nil) -> Int? {
    value(key, default: fallback, expected: "a whole number above 0, or null") { setting -> Int?? in
      setting == .null ? .some(nil) : setting.integer.flatMap { (1...1_000_000).contains($0) ? .some($0) : nil }
    }
  }

  /// A number; whether it must be above zero.
  package mutating func number(_ key: String, default fallback: Double, positive: Bool = false) -> Float {
    Float(double(key, default: fallback, positive: positive))
  }

  /// A number in double precision; whether it must be above zero.
  package mutating func double(_ key: String, default fallback: Double, positive: Bool = false) -> Double {
    value(key, default: fallback, expected: positive ? "a number above 0" : "a number") { setting in
      setting.double.flatMap { positive && !($0 > 0) ? nil : $0 }
    }
  }

  package mutating func flag(_ key: String, default fallback: Bool) -> Bool {
    value(key, default: fallback, expected: "true or false") { $0.flag }
  }

  /// One of some words.
  package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String, default fallback: Choice
  ) -> Choice {
    value(key, default: fallback, expected: Self.described(Choice.allCases.map(\.rawValue))) {
      $0.text.flatMap(Choice.init(rawValue:))
    }
  }

  /// One of some words, or null.
  package mutating func optionalChoice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String, default fallback: Choice?
  ) -> Choice? {
    let expected = Self.described(Choice.allCases.map(\.rawValue)) + ", or null"
    return value(key, default: fallback, expected: expected) { setting -> Choice?? in
      setting == .null ? .some(nil) : setting.text.flatMap(Choice.init(rawValue:)).map(Optional.some)
    }
  }

  /// The widths of layers that memory has room for.
  private static var widths: ClosedRange<Int> { 1...16_384 }

  /// How many layers a level or a network may have. Absurd numbers are errors here because a network is made before its
  /// tensors are compared with a file's.
  package static var layerCounts: ClosedRange<Int> { 1...1000 }

  /// A list of at least one width.
  package mutating func integers(_ key: String, default fallback: [Int]) -> [Int] {
    let expected = "a list of whole numbers from 1 to \(Self.widths.upperBound)"
    return value(key, default: fallback, expected: expected) { setting in
      let numbers = setting.elements?.compactMap(\.integer).filter(Self.widths.contains)
      return numbers.flatMap { $0.isEmpty || $0.count != setting.elements?.count || $0.count > 16 ? nil : $0 }
    }
  }

  /// One value for each level, from a list of as many or from one value for all.
  mutating func perLevel<Value>(
    _ key: String, default fallback: Value, levels: Int, expected: String, _ read: (JSONValue) -> Value?
  ) -> [Value] {
    let expected = "\(expected), or a list of \(levels)"
    return value(key, default: [Value](repeating: fallback, count: levels), expected: expected) { setting in
      guard let list = setting.elements else { return read(setting).map { [Value](repeating: $0, count: levels) } }
      let values = list.compactMap(read)
      return values.count == levels && list.count == levels ? values : nil
    }
  }

  /// A width for each level, or a number in another range.
  package mutating func integersPerLevel(
    _ key: String, default fallback: Int, levels: Int, in range: ClosedRange<Int>? = nil
  ) -> [Int] {
    let range = range ?? Self.widths
    return perLevel(key, default: fallback, levels: levels, expected: Self.described(range)) {
      $0.integer.flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// True or false for each level.
  package mutating func flagsPerLevel(_ key: String, default fallback: Bool, levels: Int) -> [Bool] {
    perLevel(key, default: fallback, levels: levels, expected: "true or false") { $0.flag }
  }

  /// Counts of layers for each of `counts[level]` blocks of each level: one number for all, one a level, or a list of them a
  /// level.
  package mutating func integersPerBlock(_ key: String, default fallback: Int, counts: [Int]) -> [[Int]] {
    let expected = Self.described(Self.layerCounts)
    let lists = perLevel(key, default: [fallback], levels: counts.count, expected: expected) { setting in
      let settings = setting.elements ?? [setting]
      let numbers = settings.compactMap(\.integer).filter(Self.layerCounts.contains)
      return numbers.isEmpty || numbers.count != settings.count ? nil : numbers
    }
    return zip(lists, counts).map { numbers, count in
      if numbers.count == 1 { return .init(repeating: numbers[0], count: count) }
      if numbers.count != count {
        reject(key, expected: "as many numbers in a level's list as it has blocks, \(count)")
      }
      return .init((numbers + .init(repeating: fallback, count: count)).prefix(count))
    }
  }

  /// The names of the levels' blocks.
  package mutating func blockTypes<Block: RawRepresentable<String> & CaseIterable>(
    _ key: String, default fallback: [Block], levels: Int
  ) -> [Block] {
    let expected = "a list of \(levels) of " + Self.described(Block.allCases.map(\.rawValue))
    let blocks = value(key, default: fallback, expected: expected) { setting -> [Block]? in
      let blocks = setting.elements?.compactMap { $0.text.flatMap(Block.init(rawValue:)) }
      return blocks?.count == levels && setting.elements?.count == levels ? blocks : nil
    }
    if blocks.count != levels { reject(key, expected: expected) }
    return blocks.count == levels ? blocks : (0..<levels).map { _ in Block.allCases.first! }
  }

  /// A network's activation, or null where that is the default; "swish" is another word for SiLU.
  package mutating func activation(_ key: String, default fallback: Activation?) -> Activation? {
    let words = ["silu", "swish", "gelu", "relu", "mish"]
    let expected = Self.described(words) + (fallback == nil ? ", or null" : "")
    return value(key, default: fallback, expected: expected) { setting -> Activation?? in
      if setting == .null { return fallback == nil ? .some(nil) : nil }
      guard let word = setting.text?.lowercased() else { return nil }
      return word == "swish" ? .silu : Activation(rawValue: word).map(Optional.some)
    }
  }

  /// Keys that only null can be honoured for.
  package mutating func demandNull(_ keys: String...) { for key in keys { demand(key, .null) } }

  /// Keys that only false can be honoured for.
  package mutating func demandFalse(_ keys: String...) { for key in keys { demand(key, false) } }

  /// A key that only one word can be honoured for.
  package mutating func demand(_ key: String, text: String) { demand(key, .string(text)) }

  /// A key that only one value can be honoured for.
  mutating func demand(_ key: String, _ allowed: JSONValue) {
    let expected = "\(allowed.singleLineText), the only value that is supported"
    _ = value(key, default: true, expected: expected) { $0 == allowed ? true : nil }
  }

  /// Keys that change nothing here.
  package mutating func ignore(_ keys: String...) { ignore(keys) }
  package mutating func ignore(_ keys: [String]) { asked.formUnion(keys) }

  /// Lets all keys pass that were not asked for: transformers writes many that say how to train or to generate text.
  package mutating func ignoreOthers() { asked.formUnion(configuration.keys) }

  /// Reports a sample size that is neither null, nor a number, nor a pair of numbers.
  package mutating func checkSampleSize() {
    let expected = Self.described(Self.widths) + ", a pair of them, or null"
    _ = value("sample_size", default: true, expected: expected) { setting in
      let sides = setting.elements ?? [setting, setting]
      let isPair = sides.count == 2 && sides.allSatisfy { Self.widths.contains($0.integer ?? 0) }
      return setting == .null || isPair ? true : nil
    }
  }

  private static func described(_ range: ClosedRange<Int>) -> String {
    range.upperBound == 1_000_000
      ? "a whole number from \(range.lowerBound)" : "a whole number from \(range.lowerBound) to \(range.upperBound)"
  }

  private static func described(_ words: [String]) -> String {
    let quoted = words.map { "\"\($0)\"" }
    return quoted.count == 1 ? quoted[0] : quoted.dropLast().joined(separator: ", ") + " or " + quoted.last!
  }
}
