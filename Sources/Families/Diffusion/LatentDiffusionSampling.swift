import LineupDiffusion
import LineupFormats
import LineupKernels
import LineupLearning
import LineupNetworks
import LineupTensors

extension LatentDiffusionLearner {
  /// The most states of a trajectory that are decoded, evenly spread and the first and the last among them.
  private static let trajectoryLimit = 21
  /// Images that pass the decoder together.
  private static let decodingBatch = 64

  /// New images by their captions (the empty one where none are given), with classifier-free guidance.
  package func sample(_ request: SampleRequest) -> SampleResult {
    let network = denoiser(request.weights)
    require(
      request.captions.isEmpty || request.captions.count == request.count,
      "\(request.count) samples were asked for with \(request.captions.count) captions")
    let empty = tokens(of: "")
    let conditions = (0..<request.count).map { index in
      request.captions.isEmpty ? empty : tokens(of: request.captions[index])
    }
    let guidance = Guidance(scale: request.guidance)
    let sampler = options.sampler.choosing(request).demanded(over: schedule, options.prediction)
    let (latents, trajectory) = sampler.samples(
      streams: request.streams, shape: firstStage.autoencoder.latentShape(of: frame.paddedShape),
      keepsTrajectory: request.keepsTrajectory
    ) { range in
      let context = network.context(of: range.map { conditions[$0] })
      let unconditional = guidance.isActive ? network.context(of: range.map { _ in empty }) : nil
      return { noisy, times in
        let prediction = network.unet(noisy, at: times, context: context)
        guard let unconditional else { return prediction }
        return guidance.combined(
          unconditional: network.unet(noisy, at: times, context: unconditional), conditional: prediction)
      }
    }
    return SampleResult(images: decoded(latents), trajectory: thinned(trajectory).map(decoded))
  }

  private func thinned(_ states: [Tensor]) -> [Tensor] {
    guard states.count > Self.trajectoryLimit else { return states }
    return (0..<Self.trajectoryLimit).map { states[$0 * (states.count - 1) / (Self.trajectoryLimit - 1)] }
  }

  /// Images of scaled latents, without the frame.
  private func decoded(_ latents: Tensor) -> Tensor {
    let scale = latentScale.values[0]
    let parts = stride(from: 0, to: latents.shape[0], by: Self.decodingBatch).map { first in
      let part = latents.sliced(0, first..<min(first + Self.decodingBatch, latents.shape[0]))
      return frame.cropped(firstStage.autoencoder.decode(scale > 0 ? part.scaled(by: 1 / scale) : part))
    }
    return concatenated(parts, along: 0)
  }

  /// What the autoencoder makes of images: those of the mean of their latents.
  package func reconstruct(_ images: Tensor) -> Tensor? {
    let parts = stride(from: 0, to: images.shape[0], by: Self.decodingBatch).map { first in
      let part = images.sliced(0, first..<min(first + Self.decodingBatch, images.shape[0]))
      let mean = firstStage.autoencoder.encode(frame.padded(part)).mean
      return frame.cropped(firstStage.autoencoder.decode(mean))
    }
    return concatenated(parts, along: 0)
  }

  /// U-Net, text encoder and the autoencoder's decoder.
  package var samplingParameterCount: Int {
    let decoder = firstStage.autoencoder.parameters.filter {
      $0.name.hasPrefix("decoder.") || $0.name.hasPrefix("postQuantConv.")
    }
    return denoiser.network.parameterCount + decoder.reduce(0) { $0 + $1.value.count }
  }
}
