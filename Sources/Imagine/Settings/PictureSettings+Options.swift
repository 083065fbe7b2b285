import LineupFormats
import LineupSupport

extension PictureSettings {
  /// The settings that a person asked for.
  ///
  /// - Parameters:
  ///   - options: the values that were given, by the names of the options.
  ///   - picture: the file of a picture whose settings are repeated, apart from what the options say; without one a seed is
  ///     drawn by lot.
  ///   - ignoringUnknown: whether to go on without what another program's notes ask for and cannot be honoured here.
  ///   - note: hears of that.
  /// - Throws: `PictureSettingsError` for options that do not fit, a `Fault` for what is wrong with `picture`.
  package init(
    options: [String: [String]], repeating picture: String? = nil, ignoringUnknown: Bool = false,
    note: (String) -> Void = { _ in }
  ) throws {
    var unheeded: [UnheededSetting] = []
    if let picture {
      try self.init(notes: Picture.notes(inFile: picture), path: picture, unheeded: &unheeded)
    } else {
      self.init()
      seed = Self.drawnSeed
      if options["model"] == nil {
        throw PictureSettingsError("give the checkpoint: --model FOLDER or --model FILE.safetensors")
      }
      if options["prompt"] == nil { throw PictureSettingsError("give a --prompt; an empty one is \"\"") }
    }
    for setting in Self.all {
      if let values = options[setting.option] { try setting.set(values, in: &self) }
    }
    let left = unheeded.filter { !$0.isHeeded(by: &self) }
    if !left.isEmpty, !ignoringUnknown {
      var fault = Self.unreadableNote("parameters", of: picture ?? "", left.map(\.sentence))
      fault.cause = "this would be another picture (--ignore-unknown draws it all the same)"
      throw fault
    }
    for setting in left { note("left out, \(setting.sentence)") }
    // Without its picture a strength means nothing.
    if ignoringUnknown, image == nil, options["strength"] == nil { strength = nil }
    if options["strength"] != nil, image == nil { throw PictureSettingsError(Self.imageNeeded) }
    if options["noise-level"] != nil, !upscale { throw PictureSettingsError("--noise-level goes with --upscale") }
    if guessMode == true, controls.isEmpty { throw PictureSettingsError("--guess-mode goes with --control") }
    try check()
  }

  private static let imageNeeded = "--mask, --strength and --upscale need a picture to begin from: --image"

  /// That every value is one of those allowed, and that they go together.
  package func check() throws(PictureSettingsError) {
    if let problem = Self.all.lazy.compactMap({ $0.problem(in: self) }).first { throw PictureSettingsError(problem) }
    if image == nil, mask != nil || upscale { throw PictureSettingsError(Self.imageNeeded) }
    if upscale, mask != nil { throw PictureSettingsError("--upscale and --mask cannot go together") }
    let images = controls.count { !$0.image.isEmpty }
    if images < controls.count {
      throw PictureSettingsError("each --control needs a --control-image: got \(controls.count) and \(images)")
    }
  }
}
