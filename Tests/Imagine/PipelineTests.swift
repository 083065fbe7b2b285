import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupImagine
import LineupLearning
import LineupNetworks
import LineupTensors
import Testing

/// Whole pictures against diffusers' pipelines on the same tiny checkpoints, seeds and inputs.
@Suite struct PipelineTests {
  private let goldens = try! SafetensorsFile(path: Fixtures.path("pipeline-goldens.safetensors"))

  private func image(_ name: String) throws -> Tensor { try goldens.tensor(name).permuted([0, 2, 3, 1]) }

  private func request(steps: Int = 6, height: Int? = nil, width: Int? = nil) -> PictureRequest {
    var request = PictureRequest(prompt: "a photo of the red cat in space")
    request.settings.negativePrompt = "blue boot"
    (request.settings.steps, request.settings.height, request.settings.width) = (steps, height, width)
    return request
  }

  /// Draws the picture and holds it against the golden of a case.
  private func check(
    _ name: String, _ checkpoint: String, _ request: PictureRequest, tolerance: Float = 1e-4,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let drawn = try DrawingSession(StableDiffusionModel(path: Fixtures.checkpoint(checkpoint)), request).draw(seed: 7)
    let latents = try image("\(name).latents")
    let error = relativeError(drawn.latents, latents)
    #expect(error < tolerance, "\(name): the latents are off by \(error)", sourceLocation: sourceLocation)
    guard goldens.contains("\(name).image") else { return }
    let imageError = relativeError(drawn.image, try image("\(name).image"))
    #expect(imageError < tolerance, "\(name): the image is off by \(imageError)", sourceLocation: sourceLocation)
  }

  @Test func textBecomesAPicture() throws {
    try check("sd1", "sd1", request(height: 24, width: 32))
    var second = request(height: 32, width: 24)
    second.settings.guidanceRescale = 0.7
    try check("sd2", "sd2", second)
  }

  @Test func guidanceOfOneAndSkippedLayersFollowDiffusers() throws {
    var unguided = request()
    unguided.settings.guidance = 1
    try check("sd1-unguided", "sd1", unguided)
    var skipping = request(height: 24, width: 32)
    skipping.settings.clipSkip = 1
    try check("sd1-clip-skip", "sd1", skipping)
  }

  @Test(arguments: SamplerRule.allCases)
  func everySchedulerDrawsTheSamePictureInTwentySteps(_ name: SamplerRule) throws {
    for checkpoint in ["sd1", "sd2"] {
      var request = request(steps: 20, height: 16, width: 16)
      request.settings.scheduler = name
      try check("\(checkpoint)-\(name.rawValue)", checkpoint, request, tolerance: 2e-3)
    }
  }

  @Test func noiseLevelsOfKarrasAndTrailingStepsFollowDiffusers() throws {
    var karras = request(steps: 20, height: 16, width: 16)
    (karras.settings.scheduler, karras.settings.karras) = (.dpmSolver, true)
    try check("sd1-karras", "sd1", karras, tolerance: 2e-3)
    var trailing = request(steps: 20, height: 16, width: 16)
    (trailing.settings.scheduler, trailing.settings.spacing) = (.euler, .trailing)
    try check("sd2-trailing", "sd2", trailing, tolerance: 2e-3)
  }

  @Test(arguments: [SamplerRule.ddim, .eulerAncestral, .heun, .dpmSolver, .pndm])
  func aPictureBecomesAnother(_ scheduler: SamplerRule) throws {
    var request = request(steps: 10)
    request.settings.scheduler = scheduler
    request.settings.strength = 0.7
    request.source = .picture(try image("picture").scaled(by: 2, plus: -1))
    try check("picture-\(scheduler.rawValue)", "sd1", request)
  }

  /// diffusers leaves the autoencoder's pixels where nothing is to change; here the picture's own stand there.
  @Test func maskedPlacesAreMadeAnewAndTheRestStays() throws {
    let (picture, mask) = (try image("picture"), try image("mask"))
    for (name, checkpoint, scheduler, strength) in [
      ("mask4-ddim", "sd1", SamplerRule.ddim, 0.8), ("mask4-euler", "sd1", .euler, 0.8),
      ("mask4-whole", "sd1", .eulerAncestral, 1), ("mask9-1.0", "inpaint", nil, 1), ("mask9-0.6", "inpaint", nil, 0.6),
    ] as [(String, String, SamplerRule?, Double)] {
      var request = request()
      request.settings.scheduler = scheduler
      request.settings.strength = strength
      request.source = .inpainting(picture.scaled(by: 2, plus: -1), mask: mask)
      let model = try StableDiffusionModel(path: Fixtures.checkpoint(checkpoint))
      let drawn = try DrawingSession(model, request).draw(seed: 7)
      let error = relativeError(drawn.latents, try image("\(name).latents"))
      #expect(error < 1e-4, "\(name): the latents are off by \(error)")
      if goldens.contains("\(name).image") {
        #expect(relativeError(drawn.image * mask, try image("\(name).image") * mask) < 1e-4)
      }
      let rest = mask.scaled(by: -1, plus: 1)
      #expect(
        zip((drawn.image * rest).values, (picture * rest).values).allSatisfy {
          ($0 * 255).rounded() == ($1 * 255).rounded()
        })
    }
  }

  @Test func aSmallPictureIsEnlarged() throws {
    var request = request()
    (request.settings.guidance, request.settings.noiseLevel) = (9, 25)
    let small = try image("picture").sliced(1, 0..<12).sliced(2, 0..<16)
    request.source = .enlarging(small.scaled(by: 2, plus: -1))
    try check("upscale", "upscale", request)
  }

  @Test func mapsSteerThePicture() throws {
    let network = try ControlNet(path: Fixtures.checkpoint("controlnet"))
    var request = request(height: 24, width: 32)
    request.controls = [ControlMap(network: network, image: try image("edges"), scale: 0.8)]
    try check("control", "sd1", request)
    request.controls.append(ControlMap(network: network, image: try image("picture"), scale: 0.3))
    try check("controls", "sd1", request)
  }

  /// Guessing steers the prompt's half of the batch alone, by residuals that ControlNetTests holds against diffusers'.
  @Test func guessingSteersThePromptAlone() throws {
    let unet = try StableDiffusionModel(path: Fixtures.checkpoint("sd1")).unet
    let network = try ControlNet(path: Fixtures.checkpoint("controlnet"))
    var random = RandomStream(seed: 4)
    let (noisy, texts) = (random.normal([1, 12, 16, 4]), random.normal([2, 6, 16]))
    let (negative, prompt) = (texts.sliced(0, 0..<1), texts.sliced(0, 1..<2))
    let map = ControlMap(network: network, image: try image("edges"), scale: 0.7)
    for scale in [3, 1] as [Float] {
      let guidance = Guidance(scale: scale)
      var denoiser = GuidedDenoiser(unet, guidance: guidance, prompt: prompt, negative: negative)
      (denoiser.controls, denoiser.guesses) = ([map], true)
      let residuals = network(noisy, at: [300], context: prompt, image: map.image).weightedForGuessing
        .scaled(by: 0.7)
      let steered = unet(noisy, at: [300], context: prompt, control: residuals)
      let expected = guidance.combined(unconditional: unet(noisy, at: [300], context: negative), conditional: steered)
      #expect(relativeError(denoiser(noisy, at: 300), expected) < 1e-5)
      denoiser.guesses = false
      #expect(relativeError(denoiser(noisy, at: 300), expected) > 1e-3)
    }
  }

  /// The session hands η to DDIM, whose trajectories with it SchedulerTrajectoryTests hold against diffusers'.
  @Test func ancestralNoiseChangesThePictureOfDDIM() throws {
    let model = try StableDiffusionModel(path: Fixtures.checkpoint("sd1"))
    func latents(eta: Float?) throws -> [Float] {
      var request = request()
      (request.settings.scheduler, request.settings.eta) = (.ddim, eta)
      return try DrawingSession(model, request).draw(seed: 7).latents.values
    }
    #expect(try latents(eta: nil) == latents(eta: 0))
    #expect(try latents(eta: 1) == latents(eta: 1))
    #expect(try latents(eta: 1) != latents(eta: 0.5) && latents(eta: 0.5) != latents(eta: 0))
  }

  @Test func impossibleRequestsAreExplained() throws {
    let model = try StableDiffusionModel(path: Fixtures.checkpoint("sd1"))
    #expect(throws: PipelineError.self) { try DrawingSession(model, request(height: 23, width: 32)) }
    var idle = request()
    idle.settings.strength = 0.1
    idle.source = .picture(try image("picture").scaled(by: 2, plus: -1))
    #expect(throws: PipelineError.self) { try DrawingSession(model, idle).draw(seed: 1) }
    let inpainting = try StableDiffusionModel(path: Fixtures.checkpoint("inpaint"))
    #expect(throws: PipelineError.self) { try DrawingSession(inpainting, request()) }
    var textless = request(height: 24, width: 32)
    textless.settings.clipSkip = model.text.encoder.configuration.layers + 1
    #expect(throws: PipelineError.self) { try DrawingSession(model, textless) }
    let upscaling = try StableDiffusionModel(path: Fixtures.checkpoint("upscale"))
    var noisy = request()
    noisy.settings.noiseLevel = 351
    noisy.source = .enlarging(try image("picture"))
    #expect(throws: PipelineError.self) { try DrawingSession(upscaling, noisy) }
  }

  /// The largest difference, relative to the largest number.
  private func relativeError(_ found: Tensor, _ expected: Tensor) -> Float {
    guard found.shape == expected.shape else { return .infinity }
    let largest = expected.values.map(abs).max() ?? 0
    return zip(found.values, expected.values).map { abs($0 - $1) }.max()! / largest
  }
}
