/// An object with known members.
package struct Record: Sendable {
  /// Names the object in the schema's definitions and on the reference page.
  package var title: String
  /// What it is, in a sentence or two.
  package var summary: String
  package var fields: [Field]

  package init(_ title: String, _ summary: String, fields: [Field]) {
    (self.title, self.summary, self.fields) = (title, summary, fields)
  }
}

/// One member of a record.
package struct Field: Sendable {
  package enum Presence: Sendable, Hashable {
    case required
    case optional
    /// Stands for the member where it is left out.
    case standard(JSONValue)
  }

  package var key: String
  package var shape: Shape
  package var presence: Presence
  /// What the member does, in a sentence or two for people.
  package var summary: String

  package init(_ key: String, _ shape: Shape, _ presence: Presence, _ summary: String) {
    self.key = key
    self.shape = shape
    self.presence = presence
    self.summary = summary
  }

  /// A member that may be left out, with or without a default in the record's `defaults`.
  package init(_ key: String, _ shape: Shape, _ summary: String) {
    self.init(key, shape, .optional, summary)
  }
}

/// An object of one of several kinds, told apart by one member.
package struct Variants: Sendable {
  package var title: String
  package var summary: String
  /// The member that names the kind.
  package var tag: String
  package var tagSummary: String
  /// The kind where the tag is left out; nil where it must be there.
  package var standard: String?
  /// Each record is named by the tag's value and leaves the tag out.
  package var cases: [(name: String, record: Record)]

  package init(
    title: String, summary: String, tag: String, tagSummary: String, standard: String?,
    cases: [(name: String, record: Record)]
  ) {
    (self.title, self.summary, self.tag, self.tagSummary) = (title, summary, tag, tagSummary)
    (self.standard, self.cases) = (standard, cases)
  }

  /// The record of one kind with the tag as its first member.
  package func record(named name: String) -> Record? {
    guard var record = cases.first(where: { $0.name == name })?.record else { return nil }
    let presence: Field.Presence = standard.map { .standard(.string($0)) } ?? .required
    record.fields.insert(Field(tag, .choice([name]), presence, tagSummary), at: 0)
    return record
  }
}
