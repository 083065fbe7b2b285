import LineupSupport

/// The three parts of a data set: to train on, to watch training with, and for verdicts.
public struct DatasetSplits: Sendable {
  /// What models learn from.
  public var train: ImageSet
  /// What choices are made on.
  public var validation: ImageSet
  /// What verdicts are made on.
  public var test: ImageSet
  /// The files of a folder that they came from; nil where there is no such folder.
  package var manifest: DataManifest?

  /// Three parts of one kind of image.
  public init(train: ImageSet, validation: ImageSet, test: ImageSet) {
    precondition(
      [validation, test].allSatisfy {
        ($0.height, $0.width, $0.channels) == (train.height, train.width, train.channels)
      }, "the parts of \(train.name) must have one image size")
    self.train = train
    self.validation = validation
    self.test = test
  }

  /// Every part changed in the same way.
  public func map(_ change: (ImageSet) -> ImageSet) -> DatasetSplits {
    var changed = DatasetSplits(train: change(train), validation: change(validation), test: change(test))
    changed.manifest = manifest
    return changed
  }

  /// The SHA-256 of all that training and measuring see of the data, in hexadecimal digits: the sizes, pixels, labels,
  /// captions and class names of the three parts. The data's name in records.
  package func contentHash() -> String {
    var hash = SHA256()
    for set in [train, validation, test] { set.update(&hash) }
    return hash.hexadecimalDigest()
  }

  /// Parts from a training file, whose last images become the validation part, and a test file.
  ///
  /// A file with fewer than twelve times `validationCount` images gives a twelfth of them.
  static func cut(
    _ whole: ImageSet, test: ImageSet, validationCount: Int, allTrain: Bool
  ) throws(Fault) -> DatasetSplits {
    guard (test.height, test.width) == (whole.height, whole.width) else {
      throw .malformed(
        "data.path",
        found: "training images of \(whole.height)×\(whole.width), test images of "
          + "\(test.height)×\(test.width)", expected: "one size")
    }
    let held = max(1, min(validationCount, whole.count / 12))
    guard whole.count > held else {
      throw .malformed("data.path", found: "\(whole.count) training image", expected: "at least 2")
    }
    let base = whole.name.split(separator: "/").first.map(String.init) ?? whole.name
    return DatasetSplits(
      train: allTrain ? whole : whole.subset(0..<whole.count - held),
      validation: whole.subset(whole.count - held..<whole.count, name: "\(base)/validation"), test: test)
  }
}
