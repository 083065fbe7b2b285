import LineupSupport

/// How a data set of images is loaded, and what is known of the images before that.
package struct ImageSource: Sendable {
  /// Images in the parts that verdicts and curves are measured against.
  package struct Counts: Sendable {
    package let validation: Int
    package let test: Int

    package init(validation: Int, test: Int) { (self.validation, self.test) = (validation, test) }
  }

  /// The side of the square images where a request asks for none; nil where only the files know.
  package let side: Int?
  /// Nil where only the files know.
  package let counts: Counts?
  /// Whether it has as many images as are asked for. Other sets give their first ones, and no more than they have.
  package let isDrawn: Bool
  /// The parts before they are cut and scaled to what the request asks for.
  package let load: @Sendable (DataRequest) throws(Fault) -> DatasetSplits

  package init(
    side: Int? = nil, counts: Counts? = nil, isDrawn: Bool = false,
    load: @escaping @Sendable (DataRequest) throws(Fault) -> DatasetSplits
  ) {
    self.side = side
    self.counts = counts
    self.isDrawn = isDrawn
    self.load = load
  }

  /// How many images the validation part or the test part has when `asked` of them are wanted; nil where that is not known
  /// before loading.
  package func count(_ part: KeyPath<Counts, Int>, asked: Int?) -> Int? {
    guard let own = counts?[keyPath: part] else { return asked }
    guard let asked else { return own }
    return isDrawn ? asked : min(asked, own)
  }
}
