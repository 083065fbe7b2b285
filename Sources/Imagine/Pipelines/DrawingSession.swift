import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupKernels
import LineupNetworks
import LineupStrictJSON
import LineupTensors

/// A request that was checked against a model and prepared, its prompts encoded: for pictures of as many seeds as wanted.
///
/// Every step follows diffusers' pipelines, also the order in which random numbers are drawn, so that a seed means the same
/// picture. Each seed has a generator of its own: a picture does not depend on others.
public struct DrawingSession: Sendable {
  /// What is told after each call of the network.
  public struct Progress: Sendable {
    /// How many calls are done, and how many there are in all.
    public var done: Int
    /// Calls of the network in all.
    public var total: Int
    /// The latents at this point, scaled as the network would see them.
    public var latents: Tensor
  }

  let request: PictureRequest
  let space: LatentSpace
  let scheduler: any Sampler
  let denoiser: GuidedDenoiser
  /// Noises small pictures that are to be enlarged.
  let lowResolutionSchedule: SchedulerConfiguration?
  /// Of the latents: `[1, height, width, channels]`.
  let latentShape: [Int]
  /// The texts' features, `[1, tokens, width]`.
  package let promptEmbeds: Tensor
  package let negativePromptEmbeds: Tensor
  /// The request's settings, with the size and the scheduler that were chosen where it left them open; the scheduler stays
  /// nil for a class without a name here.
  public let settings: PictureSettings
  /// What the user should know, such as words that were cut off.
  public let notes: [String]

  /// - Throws: `PipelineError` for what the model cannot draw, and the errors of its scheduler's configuration.
  public init(_ model: StableDiffusionModel, _ request: PictureRequest) throws {
    self.request = request
    var settings = request.settings
    do { try settings.check() } catch { throw PipelineError("\(error)") }
    space = LatentSpace(autoencoder: model.autoencoder, scale: model.scalingFactor, tiled: settings.tiled)
    lowResolutionSchedule = model.lowResolutionScheduler
    let plan = try PicturePlan(model, request)
    latentShape = plan.latentShape
    scheduler = try Self.configuration(model, request).sampler(
      named: settings.scheduler, steps: settings.steps, karras: settings.karras, spacing: settings.spacing,
      eta: Double(settings.eta ?? 0))
    (settings.width, settings.height) = (plan.size.width, plan.size.height)
    settings.scheduler = settings.scheduler ?? model.scheduler.rule
    if let eta = settings.eta, eta > 0, let name = settings.scheduler, name != .ddim {
      throw PipelineError("An eta of \(eta) is for the scheduler ddim only; \(name.rawValue) adds what noise it needs.")
    }
    self.settings = settings
    let texts = model.text.embeddings(
      prompt: settings.prompt, negative: settings.negativePrompt, style: settings.weighted ? .weighted : .plain,
      skippingLast: settings.clipSkip, ofNegative: settings.negativeClipSkip ?? 0)
    (promptEmbeds, negativePromptEmbeds, notes) = (texts.prompt, texts.negative, request.notes + texts.notes)
    var denoiser = GuidedDenoiser(
      model.unet, guidance: Guidance(scale: settings.guidance, rescale: settings.guidanceRescale), prompt: texts.prompt,
      negative: texts.negative)
    (denoiser.controls, denoiser.guesses) = (request.controls, settings.guessMode == true)
    self.denoiser = denoiser
  }

  /// The size in pixels of the picture that a request asks for: its own, that of the picture it begins from, or the
  /// checkpoint's.
  package static func size(_ model: StableDiffusionModel, _ request: PictureRequest) throws -> (height: Int, width: Int)
  {
    try PicturePlan(model, request).size
  }

  /// diffusers corrects old settings of schedulers in some of its pipelines only.
  private static func configuration(_ model: StableDiffusionModel, _ request: PictureRequest) -> SchedulerConfiguration
  {
    switch request.source {
    case .enlarging: model.scheduler
    case .inpainting: model.scheduler.correctedForPipeline(inpainting: true)
    case .noise, .picture: request.controls.isEmpty ? model.scheduler.correctedForPipeline() : model.scheduler
    }
  }

  /// The picture of a seed; `watch` is called after each call of the network and may throw to give up.
  public func draw(seed: UInt64, watch: (Progress) throws -> Void = { _ in }) throws -> DrawnPicture {
    var random = TorchGenerator(settings.rng, seed: seed)
    let start = try start(&random)
    var (denoiser, scheduler) = (denoiser, scheduler)
    (denoiser.furtherChannels, denoiser.label) = (start.furtherChannels, start.label)
    var latents = start.latents
    let calls = start.firstCall..<scheduler.timesteps.count
    for call in calls {
      let input = scheduler.networkInput(latents, call: call)
      let prediction = denoiser(input, at: scheduler.timesteps[call])
      latents = scheduler.step(prediction, from: latents, call: call) { noise(&random) }
      latents = start.kept?.pasted(into: latents, before: call + 1, scheduler) ?? latents
      guard latents.isFinite else {
        throw PipelineError(
          "After call \(call + 1 - calls.lowerBound) of \(calls.count) the latents are not finite. The checkpoint is "
            + "damaged, or its scheduler's prediction_type does not fit it.")
      }
      let seen = call + 1 < calls.upperBound ? scheduler.networkInput(latents, call: call + 1) : latents
      try watch(Progress(done: call + 1 - calls.lowerBound, total: calls.count, latents: seen))
    }
    // None of the U-Net's buffers fits the autoencoder's pictures.
    BufferPool.shared.releaseIdle()
    var image = try space.decoded(latents)
    if case .inpainting(let original, let mask) = request.source {
      // Where nothing is to change, the picture's own pixels stand, which no autoencoder gives back exactly.
      image = image * mask + original.scaled(by: 0.5, plus: 0.5) * mask.scaled(by: -1, plus: 1)
    }
    return DrawnPicture(image: image, latents: latents, initialLatents: start.reported)
  }

  /// What the latents at some point look like: a preview.
  public func preview(_ latents: Tensor) throws(PipelineError) -> Tensor { try space.decoded(latents) }

  /// Unit noise of the latents' shape.
  func noise(_ random: inout TorchGenerator) -> Tensor {
    random.imageNoise(
      batch: latentShape[0], height: latentShape[1], width: latentShape[2], channels: latentShape[3])
  }
}
