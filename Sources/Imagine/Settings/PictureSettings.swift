import LineupDiffusion

/// All that decides what a picture looks like, as its file keeps it: enough to make it again.
///
/// ``all`` describes each property. Options of a command line, the notes in a picture's file and the request to the
/// pipeline come from here. A setting is a property with a row there; a property without a row fails a test.
public struct PictureSettings: Codable, Equatable, Sendable {
  /// What to draw.
  public var prompt = ""
  /// What to keep away from.
  public var negativePrompt = ""
  /// Whether brackets in prompts weigh words.
  public var weighted = false
  /// Steps of the sampler.
  public var steps = 30
  /// Scale of classifier-free guidance; 1 has none.
  public var guidance: Float = 7.5
  /// The share of the rescaling of Lin et al. 2024; 0 has none.
  public var guidanceRescale: Float = 0
  /// The seed of the noise.
  public var seed: UInt64 = 0
  /// Whose random numbers the seed means.
  public var rng = TorchGenerator.Kind.torchCPU
  /// The sampling rule; nil takes the checkpoint's own.
  public var scheduler: SamplerRule?
  /// Whether noise levels are spaced as Karras et al. 2022; nil as the checkpoint says.
  public var karras: Bool?
  /// How timesteps are spaced; nil as the checkpoint says.
  public var spacing: TimestepSpacing?
  /// The share of noise that DDIM adds; nil as the rule has it.
  public var eta: Float?
  /// Layers of the text encoder that are left out at its end.
  public var clipSkip = 0
  /// The same for the negative prompt; nil leaves out none, as diffusers does.
  public var negativeClipSkip: Int?
  /// Pixels; nil takes the source's or the checkpoint's own.
  public var width: Int?
  /// Pixels; nil takes the source's or the checkpoint's own.
  public var height: Int?
  /// Path of the checkpoint.
  public var model: String?
  /// The first ten hexadecimal digits of the SHA-256 of the U-Net's file, where another program wrote them.
  public var modelHash: String?
  /// Folder with the settings of a single file.
  public var config: String?
  /// Folder of the tokenizer.
  public var tokenizer: String?
  /// Folder or file of the autoencoder; nil takes the checkpoint's own.
  public var vae: String?
  /// What the network predicts; nil as the checkpoint says.
  public var prediction: Prediction?
  /// Path of the picture to begin from.
  public var image: String?
  /// How much of it is drawn anew, in (0, 1].
  public var strength: Double?
  /// Path of the mask, white where to draw.
  public var mask: String?
  /// Whether the picture is enlarged.
  public var upscale = false
  /// Noise added to the picture that is enlarged.
  public var noiseLevel: Int?
  /// Path of the first latents.
  public var latents: String?
  /// Control networks with their maps.
  public var controls: [Control] = []
  /// Whether control networks guess without a prompt.
  public var guessMode: Bool?
  /// Low-rank adapters.
  public var loras: [LowRankAdapter] = []
  /// Learned words.
  public var embeddings: [Embedding] = []
  /// Whether the autoencoder works tile by tile, which takes less memory.
  public var tiled = false
  /// The version of Lineup that made the picture; nil where another program did.
  public var version: String?

  /// The defaults, with a prompt.
  public init(prompt: String = "") { self.prompt = prompt }

  /// A file of a low-rank adapter, and the factor of what it adds.
  public struct LowRankAdapter: Codable, Equatable, Sendable {
    /// Path of the file.
    public var file: String
    /// How strongly it acts; 1 is as it was trained.
    public var scale: Float

    /// A file and how it is used.
    public init(file: String, scale: Float) { (self.file, self.scale) = (file, scale) }
  }

  /// A learned word, and its file.
  public struct Embedding: Codable, Equatable, Sendable {
    /// The word in prompts.
    public var token: String
    /// Path of the file.
    public var file: String

    /// A file and how it is used.
    public init(token: String, file: String) { (self.token, self.file) = (token, file) }
  }

  /// A ControlNet's folder, the map that it follows, and the factor of what it adds.
  public struct Control: Codable, Equatable, Sendable {
    /// Path of the network.
    public var network: String
    /// Path of the map.
    public var image: String
    /// How strongly it acts; 1 is as it was trained.
    public var scale: Float

    /// A file and how it is used.
    public init(network: String, image: String, scale: Float = 1) {
      (self.network, self.image, self.scale) = (network, image, scale)
    }
  }
}

extension PictureSettings {
  /// The share of a picture that is made anew where nothing is said, of a whole one and of a mask's white places.
  static let usualStrength = (whole: 0.8, masked: 1.0)
  /// The noise that a small picture gets where nothing is said.
  static let usualNoiseLevel = 20
  /// A seed by lot, short enough to be typed again.
  static var drawnSeed: UInt64 { .random(in: 0...UInt64(UInt32.max)) }
  /// The most pixels that a side may have: more is taken for a mistake, and would not fit into memory.
  static let largestSide = 16_384

  /// Every setting that a person can give, in the order of help texts.
  package static let all: [PictureSetting] = model + picture + sources + output

  private static let model: [PictureSetting] = [
    .perhaps(
      "model", .model, \.model, .folder, "A folder in the layout of diffusers, or a .safetensors file with all parts."),
    .perhaps(
      "config", .model, \.config, .folder,
      """
      For a model in one file: a folder in the layout of diffusers whose config.json files, tokenizer and scheduler it \
      goes by.
      """, default: "a folder beside it of the same name, or else what its tensors show"),
    .perhaps(
      "tokenizer", .model, \.tokenizer, .folder,
      "A folder with vocab.json and merges.txt, or tokenizer.json, for a model that has none."),
    .perhaps(
      "vae", .model, \.vae, .folder,
      "Another autoencoder: a folder in the layout of diffusers, or a .safetensors file.",
      default: "the checkpoint's own"),
    .perhaps(
      "prediction", .model, \.prediction, .choice, "What the network predicts.", default: "as the checkpoint says"),
    .several(
      "loras", .model, \.loras, .adapter, option: "lora", "A file of a low-rank adapter, FILE or FILE:SCALE."),
    .several(
      "embeddings", .model, \.embeddings, .embedding, option: "embedding",
      "A word learned by textual inversion, TOKEN=FILE."),
  ]

  private static let picture: [PictureSetting] = [
    .always("prompt", .picture, \.prompt, .text, "What the picture shows."),
    .always("negativePrompt", .picture, \.negativePrompt, .text, "What it should not show."),
    .always(
      "weighted", .picture, \.weighted, .flag,
      "Let brackets weigh words, (more:1.3) and [less], and let prompts be of any length."),
    .always("steps", .picture, \.steps, .whole(from: 1), "Steps of the scheduler."),
    .always(
      "guidance", .picture, \.guidance, .number, "The scale of classifier-free guidance; 1 and less is none."),
    .always(
      "guidanceRescale", .picture, \.guidanceRescale, .number(in: 0...1),
      "How far guidance may not change the contrast, from 0 to 1."),
    .always(
      "seed", .picture, \.seed, .seed,
      "The seed of the first picture; each further one has the next. -1 draws one by lot.",
      default: "drawn by lot"),
    .always("rng", .picture, \.rng, .choice, "Whose random numbers a seed means."),
    .perhaps("scheduler", .picture, \.scheduler, .choice, "The rule of sampling.", default: "the checkpoint's own"),
    .perhaps(
      "karras", .picture, \.karras, .flag, "Space noise levels as Karras et al. do.", default: "as the checkpoint says"),
    .perhaps("spacing", .picture, \.spacing, .choice, "How timesteps are spread.", default: "as the checkpoint says"),
    .perhaps(
      "eta", .picture, \.eta, .number(in: 0...1),
      "With the scheduler ddim: the share of ancestral sampling's noise that each step adds, from 0 to 1.", default: "0"
    ),
    .always(
      "clipSkip", .picture, \.clipSkip, .whole(from: 0), "How many of the text encoder's last layers to leave out."),
    .perhaps(
      "negativeClipSkip", .picture, \.negativeClipSkip, .whole(from: 0),
      "The same for the negative prompt; diffusers leaves out none there.", default: "0"),
    .perhaps(
      "width", .picture, \.width, .whole(in: 1...largestSide), "Width in pixels.",
      default: "the checkpoint's own, or that of --image"),
    .perhaps(
      "height", .picture, \.height, .whole(in: 1...largestSide), "Height in pixels.",
      default: "the checkpoint's own, or that of --image"),
  ]

  private static let sources: [PictureSetting] = [
    .perhaps(
      "image", .sources, \.image, .file("png", "jpg", "jpeg", "webp", "gif"),
      "A picture to begin from: PNG, JPEG, WebP or GIF. Its transparency is not looked at."),
    .perhaps(
      "strength", .sources, \.strength, .number(in: 0...1), "How much of it is made anew, above 0 to 1.",
      default: "\(usualStrength.whole.shortText); with a mask \(usualStrength.masked.shortText)"),
    .perhaps(
      "mask", .sources, \.mask, .file("png", "jpg", "jpeg", "webp", "gif"),
      "Where it is made anew: white places of this picture, whatever its transparency."),
    .always(
      "upscale", .sources, \.upscale, .flag, "Enlarge the picture of --image, with a checkpoint made for that."),
    .perhaps(
      "noiseLevel", .sources, \.noiseLevel, .whole(from: 0),
      "With --upscale: how much noise the small picture gets first.", default: "\(usualNoiseLevel)"),
    PictureSetting(
      "controls", .sources, .values, .folder, option: "control",
      "The folder of a ControlNet, with a --control-image each.",
      default: nil, values: { $0.controls.map(\.network) },
      put: { networks, settings in
        settings.controls = networks.map { Control(network: $0, image: "") }
        return nil
      }),
    PictureSetting(
      "controls.image", .sources, .values, .file("png", "jpg", "jpeg", "webp", "gif"), option: "control-image",
      "The map that the ControlNet follows.", default: nil, values: { $0.controls.map(\.image) },
      put: { images, settings in
        let count = settings.controls.count
        guard images.count == count else { return "goes with a --control each: got \(images.count) for \(count)" }
        for (index, image) in images.enumerated() { settings.controls[index].image = image }
        return nil
      }),
    PictureSetting(
      "controls.scale", .sources, .values, .number, option: "control-scale", "The weight of the ControlNet.",
      default: "1", values: { $0.controls.map(\.scale) },
      put: { scales, settings in
        let count = settings.controls.count
        guard scales.count <= count else { return "goes with a --control each: got \(scales.count) for \(count)" }
        for (index, scale) in scales.enumerated() { settings.controls[index].scale = scale }
        return nil
      }),
    .perhaps(
      "guessMode", .sources, \.guessMode, .flag,
      "With --control: let the maps say what the picture shows, more than the prompt does (diffusers' guess_mode).",
      default: "off"),
    .perhaps(
      "latents", .sources, \.latents, .file("safetensors"),
      "A file of initial noise, [1, channels, height, width], instead of the seed's."),
  ]

  private static let output: [PictureSetting] = [
    .always(
      "tiled", .output, \.tiled, .flag, option: "tile",
      "Pass large pictures through the autoencoder in tiles, which saves memory.")
  ]
}

extension SettingType where Value == UInt64 {
  /// A seed; what stands for "any" is drawn where it is read, so that it is known from then on.
  fileprivate static var seed: Self {
    let whole = whole(from: 0)
    return .init(
      expected: "\(whole.expected), or -1 to draw one", isNumber: true,
      read: { $0 == "-1" ? PictureSettings.drawnSeed : whole.read($0) }, write: whole.write)
  }
}

extension SettingType where Value == PictureSettings.LowRankAdapter {
  /// FILE or FILE:SCALE; a colon that no number follows belongs to the name.
  fileprivate static var adapter: Self {
    .init(
      expected: "FILE or FILE:SCALE", completion: .file(["safetensors"]),
      read: { text in
        guard let colon = text.lastIndex(of: ":"), let scale = Float(text[text.index(after: colon)...]) else {
          return .init(file: text, scale: 1)
        }
        return .init(file: String(text[..<colon]), scale: scale)
      }, write: { "\($0.file):\($0.scale.shortText)" }, allows: \.scale.isFinite)
  }
}

extension SettingType where Value == PictureSettings.Embedding {
  /// TOKEN=FILE.
  fileprivate static var embedding: Self {
    .init(
      expected: "TOKEN=FILE",
      read: { text in
        guard let equals = text.firstIndex(of: "=") else { return nil }
        return .init(token: String(text[..<equals]), file: String(text[text.index(after: equals)...]))
      }, write: { "\($0.token)=\($0.file)" }, allows: { !$0.token.isEmpty })
  }
}
