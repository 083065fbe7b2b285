import LineupFormats
import LineupNetworks
import LineupSupport
import LineupTensors

extension PictureRequest {
  /// The request that settings stand for, with its pictures and networks read from their files.
  public init(reading settings: PictureSettings, for model: StableDiffusionModel) throws {
    self.init(settings)
    source = try readSource(for: model)
    initialNoise = try settings.latents.map(Self.noise)
    controls = try readControls(for: model)
  }

  private mutating func readSource(for model: StableDiffusionModel) throws -> PictureSource {
    guard let path = settings.image else { return .noise }
    let picture = try PictureRole.picture.read(path, &notes)
    if settings.upscale { return .enlarging(picture.signedTensor) }
    let sized = fitted(picture, to: model)
    // What the autoencoder takes: colours, or their brightness where it only knows grey.
    let tensor =
      model.autoencoder.configuration.imageChannels == 1
      ? sized.grey.signedTensor.sliced(3, 0..<1) : sized.signedTensor
    guard let mask = settings.mask else { return .picture(tensor) }
    let sizedMask = try PictureRole.mask.read(mask, &notes).lanczosResampled(width: sized.width, height: sized.height)
    return .inpainting(tensor, mask: sizedMask.maskTensor)
  }

  /// The picture at the size that was asked for; without one it keeps its own, less what is no multiple of the
  /// autoencoder's scale.
  private func fitted(_ picture: Picture, to model: StableDiffusionModel) -> Picture {
    let reduction = model.autoencoder.configuration.reduction
    func side(_ asked: Int?, _ own: Int) -> Int { asked ?? max(own / reduction, 1) * reduction }
    return picture.lanczosResampled(
      width: side(settings.width, picture.width), height: side(settings.height, picture.height))
  }

  /// The maps at the picture's size, which is that of the first map where nothing else says it.
  private mutating func readControls(for model: StableDiffusionModel) throws -> [ControlMap] {
    let pictures = try settings.controls.map { try PictureRole.control.read($0.image, &notes) }
    if let first = pictures.first.map({ fitted($0, to: model) }), case .noise = source {
      (settings.width, settings.height) = (first.width, first.height)
    }
    let size = try DrawingSession.size(model, self)
    return try zip(settings.controls, pictures).map { control, picture in
      ControlMap(
        network: try ControlNet(path: control.network, notes: &notes),
        image: picture.lanczosResampled(width: size.width, height: size.height).unitTensor, scale: control.scale)
    }
  }

  /// The one tensor of a file, or that called `initial_latents` or `latents`, channels last.
  private static func noise(_ path: String) throws -> Tensor {
    let file = try SafetensorsFile(path: path)
    let names = ["initial_latents", "latents"].filter(file.contains) + file.entries.map(\.name)
    guard let name = names.first, names.count == 1 || ["initial_latents", "latents"].contains(name) else {
      throw Fault.malformed(
        path, place: "tensor initial_latents", found: "nothing", expected: "initial noise")
    }
    let tensor = try file.tensor(name)
    guard tensor.rank == 4, tensor.shape[0] == 1 else {
      throw Fault.malformed(
        path, place: "tensor \(name)", found: "shape \(tensor.shape)", expected: "[1, channels, height, width]")
    }
    return tensor.permuted([0, 2, 3, 1])
  }
}
