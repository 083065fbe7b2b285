import LineupDatasets
import LineupDiffusion
import LineupFamilies
import LineupFormats
import LineupImagine
import LineupLearning
import LineupNetworks
import LineupSupport
import LineupTensors

/// The request that a record of settings stands for, with its pictures and networks read from their files.
struct ImagineInputs {
  private let record: PictureRecord
  private let model: StableDiffusionModel

  init(_ record: PictureRecord, _ model: StableDiffusionModel) { (self.record, self.model) = (record, model) }

  func request() throws -> PictureRequest {
    for side in [record.width, record.height].compactMap(\.self)
    where !(1...DrawingSession.largestSide).contains(side) {
      throw PipelineError("A side of \(side) pixels is not possible; it has 1 to \(DrawingSession.largestSide).")
    }
    var request = PictureRequest(prompt: record.prompt)
    request.negativePrompt = record.negativePrompt
    request.promptStyle = record.weighted ? .weighted : .plain
    request.clipSkip = record.clipSkip
    request.steps = record.steps
    request.guidance = Guidance(scale: record.guidance, rescale: record.guidanceRescale)
    (request.scheduler, request.karras, request.spacing) = (record.scheduler, record.karras, record.spacing)
    request.generator = record.rng
    request.source = try source()
    (request.width, request.height) = (record.width, record.height)
    request.initialNoise = try record.latents.map(Self.noise)
    request.controls = try controls(for: &request)
    request.tiled = record.tiled
    return request
  }

  private func source() throws -> PictureSource {
    guard let path = record.image else { return .noise }
    let picture = try Picture(file: path)
    if record.upscale { return .enlarging(picture.signedTensor, noiseLevel: record.noiseLevel ?? 20) }
    let sized = fitted(picture)
    guard let mask = record.mask else { return .picture(tensor(of: sized), strength: record.strength ?? 0.8) }
    let sizedMask = try Picture(file: mask).lanczosResampled(width: sized.width, height: sized.height)
    return .inpainting(tensor(of: sized), mask: sizedMask.maskTensor, strength: record.strength ?? 1)
  }

  /// What the autoencoder takes: colours, or their brightness where it only knows grey.
  private func tensor(of picture: Picture) -> Tensor {
    model.autoencoder.configuration.imageChannels == 1
      ? picture.grey.signedTensor.sliced(3, 0..<1) : picture.signedTensor
  }

  /// The picture at the size that was asked for; without one it keeps its own, less what is no multiple of the
  /// autoencoder's scale.
  private func fitted(_ picture: Picture) -> Picture {
    let reduction = model.autoencoder.configuration.reduction
    func side(_ asked: Int?, _ own: Int) -> Int { asked ?? max(own / reduction, 1) * reduction }
    return picture.lanczosResampled(
      width: side(record.width, picture.width), height: side(record.height, picture.height))
  }

  /// The maps at the picture's size, which is that of the first map where nothing else says it.
  private func controls(for request: inout PictureRequest) throws -> [ControlMap] {
    let pictures = try record.controls.map { try Picture(file: $0.image) }
    if let first = pictures.first.map(fitted), case .noise = request.source {
      (request.width, request.height) = (first.width, first.height)
    }
    let size = try DrawingSession.size(model, request)
    return try zip(record.controls, pictures).map { control, picture in
      ControlMap(
        network: try ControlNet(path: control.network),
        image: picture.lanczosResampled(width: size.width, height: size.height).unitTensor, scale: control.scale)
    }
  }

  /// The one tensor of a file, or that called `initial_latents` or `latents`, channels last.
  private static func noise(_ path: String) throws -> Tensor {
    let file = try SafetensorsFile(path: path)
    let names = ["initial_latents", "latents"].filter(file.contains) + file.entries.map(\.name)
    guard let name = names.first, names.count == 1 || ["initial_latents", "latents"].contains(name) else {
      throw CheckpointError.missing(path: path, names: ["initial_latents"])
    }
    let tensor = try file.tensor(name)
    guard tensor.rank == 4, tensor.shape[0] == 1 else {
      throw CheckpointError.mismatch(
        path: path, problems: ["\(name): found shape \(tensor.shape), expected [1, channels, height, width]"])
    }
    return tensor.permuted([0, 2, 3, 1])
  }
}
