/// What another program's notes ask for and no setting here says, so that the picture would be another one.
package struct UnheededSetting: Sendable, Equatable {
  /// How a setting of ours can do the same all the same.
  enum Remedy: Sendable, Equatable {
    case none
    case image
    case autoencoder
    case embedding(token: String)
    /// An adapter whose file has this name, less its ending.
    case adapter(name: String, scale: Float)
  }

  /// As it stands in the notes.
  let text: String
  /// Why it counts, or what to do.
  let reason: String
  let remedy: Remedy

  init(_ text: String, _ reason: String, remedy: Remedy = .none) {
    (self.text, self.reason, self.remedy) = (text, reason, remedy)
  }

  /// As one line of a message.
  package var sentence: String { "\(text): \(reason)" }

  /// Whether settings have what does the same; an adapter gets the scale that was asked for.
  func isHeeded(by settings: inout PictureSettings) -> Bool {
    switch remedy {
    case .none: return false
    case .image: return settings.image != nil
    case .autoencoder: return settings.vae != nil
    case .embedding(let token): return settings.embeddings.contains { $0.token == token }
    case .adapter(let name, let scale):
      let places = settings.loras.indices.filter { Self.stem(settings.loras[$0].file) == name }
      for place in places { settings.loras[place].scale *= scale }
      return !places.isEmpty
    }
  }

  /// A file's name without its folder and its ending.
  private static func stem(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }
}
