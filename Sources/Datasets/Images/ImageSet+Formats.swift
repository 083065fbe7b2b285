import LineupFormats

extension ImageSet {
  /// One image of the set.
  public func picture(_ index: Int) -> Picture {
    Picture(image(index), height: height, width: width, channels: channels)
  }
}

extension NPZArchive {
  /// Images as `arr_0` and their labels as `arr_1`.
  package init(_ images: ImageSet) {
    self.init([
      ("arr_0", Array(images.pixels, shape: [images.count, images.height, images.width, images.channels])),
      ("arr_1", Array(images.labels, shape: [images.count])),
    ])
  }
}
