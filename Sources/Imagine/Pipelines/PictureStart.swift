import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupKernels
import LineupNetworks
import LineupTensors

/// Where the loop over a scheduler's calls begins, and what goes along with it.
struct PictureStart {
  var latents: Tensor
  var firstCall = 0
  /// What is reported as the initial latents.
  var reported: Tensor
  /// Channels that the network sees beside the latents.
  var furtherChannels: Tensor?
  /// The network's class.
  var label: Int?
  /// What stays as it was.
  var kept: KeptLatents?
}

/// The latents of a picture in places that are not made anew: after each call they are put back, with as much noise as the
/// rest has (diffusers' inpainting with a network of four channels; the idea is from Lugmayr et al. 2022, "RePaint").
struct KeptLatents {
  let clean: Tensor
  let noise: Tensor
  /// `[1, height, width, 1]`, 1 where the picture is made anew.
  let mask: Tensor

  func pasted(into latents: Tensor, before call: Int, _ scheduler: any Sampler) -> Tensor {
    let kept = call < scheduler.timesteps.count ? scheduler.noised(clean, noise: noise, call: call) : clean
    return kept * mask.scaled(by: -1, plus: 1) + latents * mask
  }
}

extension DrawingSession {
  /// The start for this request's source. Random numbers are drawn in the order of diffusers' pipelines: the posteriors of
  /// encoded pictures before the noise, those of masked pictures after it.
  func start(_ random: inout TorchGenerator) throws -> PictureStart {
    switch request.source {
    case .noise:
      let noise = request.initialNoise ?? noise(&random)
      return PictureStart(latents: noise.scaled(by: scheduler.initialDeviation), reported: noise)
    case .picture(let image):
      let call = try firstCall()
      let clean = space.encoded(image, random: &random)
      let latents = scheduler.noised(clean, noise: noise(&random), call: call)
      return PictureStart(latents: latents, firstCall: call, reported: latents)
    case .inpainting(let image, let mask): return try inpaintingStart(image, mask: mask, &random)
    case .enlarging(let image):
      let (shape, level) = (image.shape, request.noiseLevel)
      let noise = random.imageNoise(batch: 1, height: shape[1], width: shape[2], channels: shape[3])
      let noised = try lowResolutionSchedule!.noised(image, noise: noise, timestep: level)
      let initial = request.initialNoise ?? self.noise(&random)
      return PictureStart(
        latents: initial.scaled(by: scheduler.initialDeviation), reported: initial, furtherChannels: noised,
        label: level)
    }
  }

  private func inpaintingStart(
    _ image: Tensor, mask: Tensor, _ random: inout TorchGenerator
  ) throws -> PictureStart {
    let (call, strength) = (try firstCall(), request.strength)
    let seesMask = denoiser.unet.configuration.network.inputs == 2 * latentShape[3] + 1
    let clean = seesMask && strength == 1 ? nil : space.encoded(image, random: &random)
    let noise = request.initialNoise ?? noise(&random)
    let latents =
      strength == 1 || request.initialNoise != nil
      ? noise.scaled(by: scheduler.initialDeviation) : scheduler.noised(clean!, noise: noise, call: call)
    let smallMask = mask.everyPixel(space.reduction)
    var start = PictureStart(latents: latents, firstCall: call, reported: strength == 1 ? noise : latents)
    if seesMask {
      let masked = space.encoded(image * mask.scaled(by: -1, plus: 1), random: &random)
      start.furtherChannels = concatenated([smallMask, masked], along: 3)
    } else {
      // diffusers encodes the masked picture here too, and does not use it: only its random numbers count.
      _ = self.noise(&random)
      start.kept = KeptLatents(clean: clean!, noise: noise, mask: smallMask)
    }
    return start
  }

  /// The call to begin with so that the strength's share of all steps is left.
  private func firstCall() throws -> Int {
    let (steps, strength) = (settings.steps, request.strength)
    let left = min(Int(Double(steps) * strength), steps)
    guard left > 0 else {
      throw PipelineError(
        "With \(steps) steps a strength of \(strength) leaves none to do; the picture would stay as it is. Give a strength "
          + "of at least \(1 / Double(steps)).")
    }
    return (steps - left) * scheduler.callsPerStep
  }
}

extension Tensor {
  /// Every n-th pixel of images `[batch, height, width, channels]`, beginning with the first, along both sides.
  func everyPixel(_ step: Int) -> Tensor {
    let (height, width) = (shape[1] / step, shape[2] / step)
    return reshaped(to: [shape[0], height, step, width, step, shape[3]]).sliced(2, 0..<1).sliced(4, 0..<1)
      .reshaped(to: [shape[0], height, width, shape[3]])
  }
}
