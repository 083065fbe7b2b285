import LineupFormats
import LineupSupport

/// A set of labelled, captioned images of one size, as bytes.
public struct ImageSet: Sendable {
  /// The set's name and part, for example "fashion-mnist/train".
  public var name: String
  /// Rows of pixels.
  public let height: Int
  /// Columns of pixels.
  public let width: Int
  /// 1 for grey, 3 for red, green, blue.
  public let channels: Int
  /// All pixels, laid out as `[count, height, width, channels]`.
  public let pixels: [UInt8]
  /// The class of each image, an index into `classNames`, or −1 for none.
  public let labels: [Int32]
  /// The name of each class.
  public let classNames: [String]
  /// One caption an image.
  public let captions: [String]
  /// The file that each image came from; empty where they have none of their own.
  package var files: [String] = []

  /// How many images the set holds.
  public var count: Int { labels.count }
  /// How many bytes one image takes.
  public var imageSize: Int { height * width * channels }

  /// A set from its parts. Labels must index `classNames` or be −1, and there must be one caption an image.
  public init(
    name: String, height: Int, width: Int, channels: Int, pixels: [UInt8], labels: [Int32], classNames: [String],
    captions: [String]
  ) {
    precondition(
      pixels.count == labels.count * height * width * channels,
      "the image set \(name) has \(pixels.count) bytes for \(labels.count) images of \(height)×\(width)×\(channels)")
    precondition(
      captions.count == labels.count, "the image set \(name) has \(captions.count) captions, \(labels.count) labels")
    precondition(
      labels.allSatisfy { $0 == -1 || classNames.indices.contains(Int($0)) },
      "the image set \(name) has a label outside its \(classNames.count) classes")
    self.name = name
    self.height = height
    self.width = width
    self.channels = channels
    self.pixels = pixels
    self.labels = labels
    self.classNames = classNames
    self.captions = captions
  }

  /// The bytes of one image, `[height, width, channels]`.
  public func image(_ index: Int) -> ArraySlice<UInt8> {
    pixels[index * imageSize..<(index + 1) * imageSize]
  }

  /// The images at `indices`, in that order; an index may come more than once.
  public func subset(_ indices: [Int], name: String? = nil) -> ImageSet {
    var chosen: [UInt8] = []
    chosen.reserveCapacity(indices.count * imageSize)
    for index in indices { chosen.append(contentsOf: image(index)) }
    var subset = ImageSet(
      name: name ?? self.name, height: height, width: width, channels: channels, pixels: chosen,
      labels: indices.map { labels[$0] }, classNames: classNames, captions: indices.map { captions[$0] })
    if !files.isEmpty { subset.files = indices.map { files[$0] } }
    return subset
  }

  /// The images of a range of indices.
  public func subset(_ range: Range<Int>, name: String? = nil) -> ImageSet {
    var subset = ImageSet(
      name: name ?? self.name, height: height, width: width, channels: channels,
      pixels: Array(pixels[range.lowerBound * imageSize..<range.upperBound * imageSize]),
      labels: Array(labels[range]), classNames: classNames, captions: Array(captions[range]))
    if !files.isEmpty { subset.files = Array(files[range]) }
    return subset
  }

  /// The first `limit` images, or all where there are fewer.
  public func prefix(_ limit: Int) -> ImageSet {
    limit >= count ? self : subset(0..<limit)
  }

  /// The indices of the images of one class, in order.
  public func indices(ofClass label: Int) -> [Int] {
    labels.indices.filter { labels[$0] == Int32(label) }
  }

  /// Images as numbers in [−1, 1], laid out as `[indices.count, height, width, channels]`.
  ///
  /// - Parameter flipped: where given, one flag an image: whether to mirror it left to right.
  public func floats(_ indices: [Int], flipped: [Bool]? = nil) -> [Float] {
    precondition(
      flipped == nil || flipped?.count == indices.count, "flags to flip must be as many as the indices")
    return [Float](unsafeUninitializedCapacity: indices.count * imageSize) { output, initialized in
      pixels.withUnsafeBufferPointer { pixels in
        PixelScale.table.withUnsafeBufferPointer { table in
          for (place, index) in indices.enumerated() {
            precondition(index >= 0 && index < count, "image \(index) is asked of a set of \(count)")
            let source = UnsafeBufferPointer(rebasing: pixels[index * imageSize..<(index + 1) * imageSize])
            let target = UnsafeMutableBufferPointer(rebasing: output[place * imageSize..<(place + 1) * imageSize])
            convert(source, into: target, table: table, flipped: flipped?[place] ?? false)
          }
        }
      }
      initialized = indices.count * imageSize
    }
  }

  private func convert(
    _ source: UnsafeBufferPointer<UInt8>, into target: UnsafeMutableBufferPointer<Float>,
    table: UnsafeBufferPointer<Float>, flipped: Bool
  ) {
    guard flipped else {
      for offset in 0..<imageSize { target[offset] = table[Int(source[offset])] }
      return
    }
    for row in 0..<height {
      for column in 0..<width {
        let from = (row * width + width - 1 - column) * channels
        let to = (row * width + column) * channels
        for channel in 0..<channels { target[to + channel] = table[Int(source[from + channel])] }
      }
    }
  }

  /// The SHA-256 of the sizes, the pixels, the labels, the captions and the class names, in hexadecimal digits.
  public func contentHash() -> String {
    var hash = SHA256()
    update(&hash)
    return hash.hexadecimalDigest()
  }

  func update(_ hash: inout SHA256) {
    for size in [count, height, width, channels] { hash.update(size) }
    hash.update(pixels)
    labels.withUnsafeBytes { hash.update($0) }
    hash.update(captions)
    hash.update(classNames)
  }
}
