import LineupFamilies
import LineupFeatureNetworks

extension Specification {
  /// Settings that the data do not let an arm obey and that it therefore trains without, each in a sentence.
  ///
  /// - Parameter channels: of the images, where the file says it; nil for the data's own, which their network has too.
  func unobeyedSettings(channels: Int?) -> [String] {
    let record = (try? committedRecord(.perceptual, for: data.name)) ?? nil
    if let record, channels == nil || record.imageShape[2] == channels { return [] }
    let images = channels.map { " with \($0) \($0 == 1 ? "channel" : "channels")" } ?? ""
    return arms.compactMap { arm in
      guard let options = arm.options as? LatentDiffusionOptions, options.autoencoder.perceptualWeight > 0 else {
        return nil
      }
      return "/arms/\(arm.name)/autoencoder/perceptualWeight: not obeyed; no perceptual network comes with Lineup for "
        + "the data set \(data.name)\(images), so the first stage trains without this term"
    }
  }
}
