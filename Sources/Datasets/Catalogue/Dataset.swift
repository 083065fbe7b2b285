/// One data set: everything that is known of it before a file of it is read, and how to load it.
///
/// A new data set is one such value, in a file under `Sets/`, and one line in ``all``.
public struct Dataset: Sendable {
  /// What must be there before the set can be loaded.
  package enum Need: Sendable {
    case nothing
    /// A Debian package, unless the request names a folder with the same files.
    case package(String, isInstalled: @Sendable () -> Bool)
    /// A folder of the user's own, which the request must name: what it is, in words that begin with "a" or "the".
    case folder(String)
  }

  /// What the set is made of.
  package enum Source: Sendable {
    case images(ImageSource)
    case points(PointMixture)
  }

  /// The name in experiment files and on the command line.
  public let name: String
  /// What it shows, in a line.
  package let summary: String
  /// Sizes and counts in words.
  package let contents: String
  package let need: Need
  package let source: Source

  package init(name: String, summary: String, contents: String, need: Need, source: Source) {
    (self.name, self.summary, self.contents, self.need, self.source) = (name, summary, contents, need, source)
  }

  /// Whether it can be loaded on this machine. Looked up at each call.
  package var isAvailable: Bool {
    if case .package(_, let isInstalled) = need { isInstalled() } else { true }
  }

  /// How to get it; empty where nothing is needed.
  package var installation: String {
    switch need {
    case .nothing: ""
    case .package(let name, _): "apt-get install \(name)"
    case .folder: "set data.path to the folder"
    }
  }

  /// What a folder of the user's own must be; nil where none has to be named.
  package var folder: String? {
    if case .folder(let contents) = need { contents } else { nil }
  }

  /// The images' facts; nil for a set of points.
  package var images: ImageSource? {
    if case .images(let images) = source { images } else { nil }
  }

  /// The mixture behind a set of points; nil for images.
  package var mixture: PointMixture? {
    if case .points(let mixture) = source { mixture } else { nil }
  }
}
