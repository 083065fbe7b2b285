/// Which data a study asks for; the `data` object of an experiment file.
///
/// Only the name is needed. A field that is not given takes the data set's own default.
public struct DataRequest: Codable, Sendable, Equatable {
  /// The data set's name in the catalogue.
  public var name: String
  /// The side of the square images in pixels: the data's own, or a larger or smaller one by black padding or cropping;
  /// drawn sets draw at that size.
  public var size: Int?
  /// 1 for grey, 3 for colour.
  public var channels: Int?
  /// How many training images: the first ones of a real set, as many as wanted of a drawn one, a stratified subset of a
  /// folder.
  public var count: Int?
  /// The same for the validation images.
  public var validationCount: Int?
  /// The same for the test images.
  public var testCount: Int?
  /// The seed of a drawn set.
  public var seed: UInt64?
  /// The folder of the files, where they are not at their package's place.
  public var path: String?
  /// Train on the whole training file, the validation images included.
  public var allTrain: Bool?
  /// What transparent pictures of a folder lie on; white where not given.
  package var background: PaperColour?
  /// Leave files of a folder out that cannot be used, instead of refusing all.
  package var skipBad: Bool?

  /// A request; what is not given is the data set's own.
  public init(
    name: String, size: Int? = nil, channels: Int? = nil, count: Int? = nil, validationCount: Int? = nil,
    testCount: Int? = nil, seed: UInt64? = nil, path: String? = nil, allTrain: Bool? = nil
  ) {
    self.name = name
    self.size = size
    self.channels = channels
    self.count = count
    self.validationCount = validationCount
    self.testCount = testCount
    self.seed = seed
    self.path = path
    self.allTrain = allTrain
  }
}
