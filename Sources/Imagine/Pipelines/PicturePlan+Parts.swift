import LineupFamilies
import LineupFormats
import LineupNetworks

extension PicturePlan {
  /// That the networks of a checkpoint, and ControlNets from elsewhere, fit each other: each is a file of its own.
  static func checkParts(_ model: StableDiffusionModel, _ request: PictureRequest) throws(PipelineError) {
    let (unet, autoencoder) = (model.unet.configuration, model.autoencoder.configuration)
    let text = model.text.encoder.configuration
    if let width = unet.contextWidths.first(where: { $0 != text.width }) {
      throw PipelineError(
        "The U-Net reads texts that are \(width) wide, but the text encoder's are \(text.width) wide: they belong to different "
          + "checkpoints.")
    }
    guard unet.network.outputs == autoencoder.latentChannels else {
      throw PipelineError(
        "The U-Net predicts \(unet.network.outputs) channels, but the autoencoder's latents have "
          + "\(autoencoder.latentChannels).")
    }
    let channels = (autoencoder.imageChannels, autoencoder.decodedChannels ?? autoencoder.imageChannels)
    guard channels.0 == channels.1, [1, 3].contains(channels.0) else {
      throw PipelineError(
        "The autoencoder takes pictures of \(channels.0) channels and gives \(channels.1); both must be 3, or 1 for grey."
      )
    }
    for skipped in [request.settings.clipSkip, request.settings.negativeClipSkip ?? 0]
    where !(0...text.layers).contains(skipped) {
      throw PipelineError("\(skipped) of the text encoder's layers cannot be left out; it has \(text.layers).")
    }
    for map in request.controls { try checkFit(of: map.network, model) }
  }

  private static func checkFit(of control: ControlNet, _ model: StableDiffusionModel) throws(PipelineError) {
    let (own, unet) = (control.configuration, model.unet.configuration)
    let latents = model.autoencoder.configuration.latentChannels
    let reduction = model.autoencoder.configuration.reduction
    let textWidth = model.text.encoder.configuration.width
    var problems: [String] = []
    func compare<Value: Equatable>(_ what: String, _ found: Value, _ expected: Value) {
      if found != expected { problems.append("\(what): found \(found), expected \(expected)") }
    }
    compare("widths of its levels", own.network.channels, unet.network.channels)
    compare("blocks in its levels", own.network.layers, unet.network.layers)
    compare("channels of its latents", own.network.inputs, latents)
    for width in Set(own.contextWidths).sorted() { compare("width of its texts", width, textWidth) }
    compare("channels of its image", own.imageChannels, 3)
    compare("pixels a side for each latent pixel", control.imageFactor, reduction)
    compare("classes", own.network.time.classes, nil)
    guard problems.isEmpty else {
      throw PipelineError(
        "A ControlNet does not fit this checkpoint, so it was made for another kind:\n"
          + problems.map { "  \($0)" }.joined(separator: "\n"))
    }
  }
}

extension UNet2DConditionModel.Configuration {
  /// The widths of the texts that its transformers read.
  var contextWidths: [Int] { textWidths(of: down.joined() + [middle] + up.joined()) }
}

extension ControlNet.Configuration {
  /// The widths of the texts that its transformers read.
  var contextWidths: [Int] { textWidths(of: down.joined() + [middle]) }
}

private func textWidths(of kinds: [LevelAttention.Kind?]) -> [Int] {
  kinds.compactMap { if case .text(let shape)? = $0 { shape.contextWidth } else { nil } }
}
