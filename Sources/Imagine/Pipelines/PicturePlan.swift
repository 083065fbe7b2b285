import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupNetworks
import LineupTensors

/// Sizes and channels of what was asked for, checked against what the model can draw.
struct PicturePlan {
  /// Of the latents: `[1, height, width, channels]`.
  let latentShape: [Int]
  /// Of the picture, in pixels.
  let size: (height: Int, width: Int)

  init(_ model: StableDiffusionModel, _ request: PictureRequest) throws {
    let reduction = model.autoencoder.configuration.reduction
    let channels = model.autoencoder.configuration.latentChannels
    size = try Self.size(model, request, reduction: reduction)
    latentShape = [1, size.height / reduction, size.width / reduction, channels]
    try Self.checkParts(model, request)
    try Self.checkChannels(model, request, latentChannels: channels)
    if let noise = request.initialNoise, noise.shape != latentShape {
      throw PipelineError(
        "The initial latents have the shape \(noise.inFileOrder), but pictures of \(size.width)×\(size.height) pixels need "
          + "\([1, channels, latentShape[1], latentShape[2]]).")
    }
    for map in request.controls where Array(map.image.shape[1...2]) != [size.height, size.width] {
      throw PipelineError(
        "A control image has \(map.image.shape[2])×\(map.image.shape[1]) pixels, but the picture "
          + "\(size.width)×\(size.height).")
    }
  }

  /// The picture's size: what was asked for, that of the picture it begins from, or the checkpoint's own.
  private static func size(
    _ model: StableDiffusionModel, _ request: PictureRequest, reduction: Int
  ) throws -> (height: Int, width: Int) {
    let given: [Int]? =
      switch request.source {
      case .noise: nil
      case .picture(let image), .inpainting(let image, _): Array(image.shape[1...2])
      case .enlarging(let image): image.shape[1...2].map { $0 * reduction }
      }
    let usual = given ?? model.facts.sampleSize.map { $0 * reduction }
    let (height, width) = (request.settings.height ?? usual[0], request.settings.width ?? usual[1])
    guard max(height, width) <= PictureSettings.largestSide else {
      throw PipelineError(
        "Pictures of \(width)×\(height) pixels are too large to be drawn: a side has at most "
          + "\(PictureSettings.largestSide).")
    }
    guard height > 0, width > 0, height % reduction == 0, width % reduction == 0 else {
      throw PipelineError(
        "Pictures of \(width)×\(height) pixels cannot be drawn: both sides must be multiples of \(reduction), the scale of "
          + "this model's autoencoder.")
    }
    if let given, given != [height, width] {
      throw PipelineError(
        "The picture to begin from gives \(given[1])×\(given[0]) pixels, but \(width)×\(height) were asked for.")
    }
    return (height, width)
  }

  /// The U-Net's input channels say what it is for.
  private static func checkChannels(
    _ model: StableDiffusionModel, _ request: PictureRequest, latentChannels: Int
  ) throws {
    let inputs = model.unet.configuration.network.inputs
    let hasLabels = model.unet.configuration.network.time.classes != nil
    switch request.source {
    case .noise, .picture:
      if inputs == 2 * latentChannels + 1 {
        throw PipelineError("This checkpoint is for inpainting: it needs a picture and a mask (--image, --mask).")
      }
      if hasLabels {
        throw PipelineError("This checkpoint enlarges pictures: it needs a small one (--image, --upscale).")
      }
      guard inputs == latentChannels else {
        throw PipelineError(
          "This checkpoint's U-Net takes \(inputs) channels, of which latents are \(latentChannels): what the others are for "
            + "is not known here (depth and edited pictures are not supported).")
      }
    case .inpainting:
      guard inputs == latentChannels || inputs == 2 * latentChannels + 1 else {
        throw PipelineError(
          "This checkpoint's U-Net takes \(inputs) channels; inpainting needs \(latentChannels) or \(2 * latentChannels + 1)."
        )
      }
    case .enlarging(let image):
      let level = request.noiseLevel
      guard inputs == latentChannels + image.shape[3], hasLabels, let schedule = model.lowResolutionScheduler else {
        throw PipelineError(
          "This checkpoint does not enlarge pictures: its U-Net takes \(inputs) channels instead of \(latentChannels) of "
            + "latents and \(image.shape[3]) of a picture, or has no classes, or low_res_scheduler/ is missing.")
      }
      var levels = min(schedule.trainTimesteps, model.unet.configuration.network.time.classes ?? 0)
      if let most = model.facts.maximumNoiseLevel { levels = min(levels, most + 1) }
      guard level >= 0, level < levels else {
        throw PipelineError("A noise level of \(level) is not one of this checkpoint's, 0 to \(levels - 1).")
      }
    }
  }
}

extension Tensor {
  /// The shape as files have it: `[batch, channels, height, width]`.
  var inFileOrder: [Int] { rank == 4 ? [shape[0], shape[3], shape[1], shape[2]] : shape }
}
