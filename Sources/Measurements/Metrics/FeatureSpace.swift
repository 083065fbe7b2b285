/// What a metric compares images or points by. Distances in different spaces do not compare.
package enum FeatureSpace: Sendable, Hashable {
  /// The images themselves.
  case pixels
  /// The first principal components of the training pixels, so many of them.
  case components(Int = standardComponents)
  /// The features before the last layer of the measuring classifier.
  case classifier
  /// The plane that points lie in.
  case plane

  /// How many principal components are taken where nobody says otherwise.
  package static let standardComponents = 64

  private static let componentsPrefix = "pix"

  /// The name that columns and records give.
  package var name: String {
    switch self {
    case .pixels: "pixels"
    case .components(let count): "\(Self.componentsPrefix)\(count)"
    case .classifier: "clf"
    case .plane: "plane"
    }
  }

  /// The number of principal components in a space's recorded name; nil where the name is another space's.
  package static func componentCount(inName name: String) -> Int? {
    name.hasPrefix(componentsPrefix) ? Int(name.dropFirst(componentsPrefix.count)) : nil
  }
}
