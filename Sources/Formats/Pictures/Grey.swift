extension Picture {
  /// The brightness of each pixel, `[height, width]`: luma of ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B, in fixed point
  /// with 16 bits, as Pillow's `convert("L")` computes it. Of a grey picture these are its own values.
  public var luma: [UInt8] {
    stride(from: 0, to: pixels.count, by: 3).map { place in
      let (red, green, blue) = (UInt32(pixels[place]), UInt32(pixels[place + 1]), UInt32(pixels[place + 2]))
      return UInt8((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16)
    }
  }

  /// The picture without its colours.
  public var grey: Picture { Picture(luma, height: height, width: width, channels: 1) }
}
