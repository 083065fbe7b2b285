import ArgumentParser
import LineupDatasets
import LineupDiffusion
import LineupImagine
import LineupNetworks
import LineupRunRecords
import LineupStudies

/// The checkpoint, and what changes its weights.
struct ImagineModelOptions: ParsableArguments {
  @Option(
    help: "A folder in the layout of diffusers, or a .safetensors file with all parts.", completion: .directory)
  var model: String?

  @Option(
    help: """
      For a model in one file: a folder in the layout of diffusers whose config.json files, tokenizer and scheduler it \
      goes by. Default: a folder beside it of the same name, or else what its tensors show.
      """, completion: .directory)
  var config: String?

  @Option(help: "A folder with vocab.json and merges.txt, or tokenizer.json, for a model that has none.")
  var tokenizer: String?

  @Option(help: "A file of a low-rank adapter, FILE or FILE:SCALE. May be given several times.")
  var lora: [String] = []

  @Option(help: "A word learned by textual inversion, TOKEN=FILE. May be given several times.")
  var embedding: [String] = []

  func apply(to record: inout PictureRecord) throws {
    record.model = model ?? record.model
    record.config = config ?? record.config
    record.tokenizer = tokenizer ?? record.tokenizer
    if !lora.isEmpty { record.loras = try lora.map(Self.adapter) }
    if !embedding.isEmpty { record.embeddings = try embedding.map(Self.learnedWord) }
  }

  /// FILE or FILE:SCALE; a colon that no number follows belongs to the name.
  private static func adapter(_ argument: String) throws -> PictureRecord.LowRankAdapter {
    if let colon = argument.lastIndex(of: ":"), let scale = Float(argument[argument.index(after: colon)...]) {
      guard scale.isFinite else { throw ValidationError("--lora takes FILE:SCALE with a number; got \"\(argument)\"") }
      return .init(file: String(argument[..<colon]), scale: scale)
    }
    return .init(file: argument, scale: 1)
  }

  private static func learnedWord(_ argument: String) throws -> PictureRecord.Embedding {
    guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else {
      throw ValidationError("--embedding takes TOKEN=FILE; got \"\(argument)\"")
    }
    return .init(token: String(argument[..<equals]), file: String(argument[argument.index(after: equals)...]))
  }
}

/// What to draw, and how.
struct ImaginePictureOptions: ParsableArguments {
  @Option(help: "What the picture shows.")
  var prompt: String?

  @Option(help: "What it should not show.")
  var negativePrompt: String?

  @Flag(
    help: "Let brackets weigh words, (more:1.3) and [less], and let prompts be of any length.")
  var weighted = false

  @Option(help: "Steps of the scheduler. Default: 30.")
  var steps: Int?

  @Option(help: "The scale of classifier-free guidance; 1 and less is none. Default: 7.5.")
  var guidance: Float?

  @Option(help: "How far guidance may not change the contrast, from 0 to 1. Default: 0.")
  var guidanceRescale: Float?

  @Option(help: "The seed of the first picture; each further one has the next. Default: drawn by lot.")
  var seed: UInt64?

  @Option(help: "Whose random numbers a seed means: torch-cpu or torch-cuda. Default: torch-cpu.")
  var rng: TorchGenerator.Kind?

  @Option(
    help: "ddim, ddpm, pndm, euler, euler-a, heun, dpm++2m, dpm++2m-sde, unipc or lcm. Default: the checkpoint's own.")
  var scheduler: SchedulerName?

  @Flag(inversion: .prefixedNo, help: "Space noise levels as Karras et al. do. Default: as the checkpoint says.")
  var karras: Bool?

  @Option(help: "How timesteps are spread: leading, linspace or trailing. Default: as the checkpoint says.")
  var spacing: TimestepSpacing?

  @Option(help: "How many of the text encoder's last layers to leave out. Default: 0.")
  var clipSkip: Int?

  @Option(help: "Width in pixels. Default: the checkpoint's own, or that of --image.")
  var width: Int?

  @Option(help: "Height in pixels. Default: the checkpoint's own, or that of --image.")
  var height: Int?

  func validateNumbers() throws {
    for (name, value) in [("--steps", steps), ("--width", width), ("--height", height)] {
      if let value, value < 1 { throw ValidationError("\(name) must be at least 1; got \(value)") }
    }
    if let clipSkip, clipSkip < 0 { throw ValidationError("--clip-skip must be at least 0; got \(clipSkip)") }
    if let guidance, !guidance.isFinite { throw ValidationError("--guidance must be a number; got \(guidance)") }
    if let guidanceRescale, !(0...1).contains(guidanceRescale) {
      throw ValidationError("--guidance-rescale must be from 0 to 1; got \(guidanceRescale)")
    }
  }
}

extension ImaginePictureOptions {
  func apply(to record: inout PictureRecord) {
    record.prompt = prompt ?? record.prompt
    record.negativePrompt = negativePrompt ?? record.negativePrompt
    record.weighted = weighted || record.weighted
    record.steps = steps ?? record.steps
    record.guidance = guidance ?? record.guidance
    record.guidanceRescale = guidanceRescale ?? record.guidanceRescale
    record.seed = seed ?? record.seed
    record.rng = rng ?? record.rng
    record.scheduler = scheduler ?? record.scheduler
    record.karras = karras ?? record.karras
    record.spacing = spacing ?? record.spacing
    record.clipSkip = clipSkip ?? record.clipSkip
    record.width = width ?? record.width
    record.height = height ?? record.height
  }
}

/// Pictures that another one begins from or follows.
struct ImagineSourceOptions: ParsableArguments {
  @Option(help: "A picture to begin from, PNG or JPEG.", completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var image: String?

  @Option(help: "How much of it is made anew, above 0 to 1. Default: 0.8; with a mask 1.")
  var strength: Double?

  @Option(help: "Where it is made anew: white places of this picture.", completion: .file(extensions: ["png"]))
  var mask: String?

  @Flag(help: "Enlarge the picture of --image, with a checkpoint made for that.")
  var upscale = false

  @Option(help: "With --upscale: how much noise the small picture gets first. Default: 20.")
  var noiseLevel: Int?

  @Option(help: "The folder of a ControlNet, with an image each. May be given several times.")
  var control: [String] = []

  @Option(help: "The map that the ControlNet follows.")
  var controlImage: [String] = []

  @Option(help: "The weight of the ControlNet. Default: 1.")
  var controlScale: [Float] = []

  @Option(
    help: "A file of initial noise, [1, channels, height, width], instead of the seed's.",
    completion: .file(extensions: ["safetensors"]))
  var latents: String?

  @Option(help: "A picture of this command, or of another program that keeps such notes: its settings are repeated.")
  var from: String?

  func validateNumbers() throws {
    if let strength, !(strength > 0 && strength <= 1) {
      throw ValidationError("--strength must be above 0 and at most 1; got \(strength)")
    }
    if control.count != controlImage.count {
      throw ValidationError("each --control needs a --control-image: got \(control.count) and \(controlImage.count)")
    }
    if let scale = controlScale.first(where: { !$0.isFinite }) {
      throw ValidationError("--control-scale must be a number; got \(scale)")
    }
    if controlScale.count > control.count {
      throw ValidationError("there are \(controlScale.count) --control-scale for \(control.count) --control")
    }
  }
}

extension ImagineSourceOptions {
  /// That these options and the settings of a picture that is repeated make sense together.
  func checkCombination(in record: PictureRecord) throws {
    if record.image == nil, record.mask != nil || record.upscale || strength != nil {
      throw ValidationError("--mask, --strength and --upscale need a picture to begin from: --image")
    }
    if noiseLevel != nil, !record.upscale { throw ValidationError("--noise-level goes with --upscale") }
    if record.upscale, record.mask != nil { throw ValidationError("--upscale and --mask cannot go together") }
  }

  func apply(to record: inout PictureRecord) {
    record.image = image ?? record.image
    record.strength = strength ?? record.strength
    record.mask = mask ?? record.mask
    record.upscale = upscale || record.upscale
    record.noiseLevel = noiseLevel ?? record.noiseLevel
    record.latents = latents ?? record.latents
    guard !control.isEmpty else { return }
    record.controls = control.indices.map { index in
      .init(
        network: control[index], image: controlImage[index],
        scale: index < controlScale.count ? controlScale[index] : 1)
    }
  }
}

/// Where pictures go.
struct ImagineOutputOptions: ParsableArguments {
  @Option(
    help: "The picture to write; of several, numbers are put before the ending.", completion: .file(extensions: ["png"])
  )
  var output: String

  @Option(help: "How many pictures, each with its own seed.")
  var count = 1

  @Option(
    help: "Where to write embeddings, latents and images as tensors.", completion: .file(extensions: ["safetensors"]))
  var saveTensors: String?

  @Flag(help: "Pass large pictures through the autoencoder in tiles, which saves memory.")
  var tile = false

  @Flag(help: "Write what there is so far beside the output, every few seconds.")
  var preview = false

  @Option(help: "Threads to compute with. Default: one for each processor core.")
  var threads: Int?

  /// The file of one of the pictures.
  func path(of index: Int) -> String {
    count == 1 ? output : output.withSuffix("-\(index + 1)")
  }

  func previewPath(of path: String) -> String { path.withSuffix(".preview") }
}

extension String {
  /// The path with something put before its ending.
  fileprivate func withSuffix(_ suffix: String) -> String {
    guard let dot = lastIndex(of: "."), !self[dot...].contains("/") else { return self + suffix }
    return self[..<dot] + suffix + self[dot...]
  }
}

extension TorchGenerator.Kind: ExpressibleByArgument {}
extension SchedulerName: ExpressibleByArgument {}
extension TimestepSpacing: ExpressibleByArgument {}
