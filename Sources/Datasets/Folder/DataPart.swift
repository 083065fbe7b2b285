/// A part of a data set.
package enum DataPart: String, Codable, CaseIterable, Sendable {
  case train, validation, test

  /// The names of folders that say which part their pictures belong to.
  private static let folders: [String: DataPart] = [
    "train": .train, "validation": .validation, "val": .validation, "valid": .validation, "test": .test,
  ]

  /// The part that a folder of this name holds, where folders name parts.
  init?(folder: String) {
    guard let part = Self.folders[folder] else { return nil }
    self = part
  }

  /// The part of a picture, which its pixels alone decide: eight tenths train, a tenth validates, a tenth tests. So a file
  /// that comes or goes moves no other, and equal pictures share a part.
  init(of digest: PixelDigest) {
    switch digest.tenth {
    case 8: self = .validation
    case 9: self = .test
    default: self = .train
    }
  }

  /// The same where pictures to test on are given, or those to validate on: the other kind gets a tenth of the rest.
  init(of digest: PixelDigest, cutting missing: DataPart) {
    self = digest.tenth == 9 ? missing : .train
  }
}
