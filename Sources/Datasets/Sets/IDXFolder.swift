import Foundation
import LineupSupport

extension Dataset {
  static let idx = Dataset(
    name: "idx", summary: "a folder of your own with the four IDX files of the MNIST family",
    contents: "what the files hold", need: .folder("the folder of the four IDX files"),
    source: .images(ImageSource { request throws(Fault) in try IDXFolder.load(request) }))
}

/// A folder with the four IDX files of the MNIST family, gzip-compressed or plain.
struct IDXFolder {
  let path: String
  /// What an error says when a file is not there.
  let advice: String

  /// How many of the file's last training images make the validation part.
  static let validationCount = 5_000

  /// The three parts of the folder that a request names.
  static func load(_ request: DataRequest) throws(Fault) -> DatasetSplits {
    let source = IDXFolder(
      path: request.path ?? "", advice: "the folder of data.path must hold the four files of the MNIST family")
    let whole = try source.part("train", name: "idx/train", classNames: nil) { label, _ in "class \(label)" }
    let test = try source.part("t10k", name: "idx/test", classNames: whole.classNames) { label, _ in "class \(label)" }
    return try DatasetSplits.cut(
      whole, test: test, validationCount: validationCount, allTrain: request.allTrain ?? false)
  }

  /// One part's images and labels.
  ///
  /// - Parameters:
  ///   - prefix: "train" or "t10k"
  ///   - caption: the caption of image `index` with class `label`
  func part(
    _ prefix: String, name: String, classNames: [String]?, caption: (_ label: Int, _ index: Int) -> String
  ) throws(Fault) -> ImageSet {
    let imagePath = file("\(prefix)-images-idx3-ubyte")
    let labelPath = file("\(prefix)-labels-idx1-ubyte")
    let images = try IDXFile(path: imagePath, rank: 3, missingAdvice: advice)
    let labels = try IDXFile(path: labelPath, rank: 1, missingAdvice: advice)
    guard images.shape[0] == labels.shape[0] else {
      throw .malformed(
        labelPath, place: "number of labels, byte 4", found: "\(labels.shape[0])",
        expected: "\(images.shape[0]), the number of images in \(imagePath)")
    }
    guard images.shape[0] > 0, images.shape[1] > 0, images.shape[2] > 0 else {
      throw .malformed(
        imagePath, place: "sizes, byte 4", found: "an empty axis in \(images.shape)", expected: "images")
    }
    let names = classNames ?? (0...Int(labels.values.max() ?? 0)).map { "class \($0)" }
    if let place = labels.values.firstIndex(where: { Int($0) >= names.count }) {
      throw .malformed(
        labelPath, place: "label \(place), byte \(8 + place)", found: "\(labels.values[place])",
        expected: "a class from 0 to \(names.count - 1)")
    }
    return ImageSet(
      name: name, height: images.shape[1], width: images.shape[2], channels: 1, pixels: images.values,
      labels: labels.values.map { Int32($0) }, classNames: names,
      captions: labels.values.enumerated().map { caption(Int($1), $0) })
  }

  /// The file with or without the gzip ending; the compressed name where neither is there, for the error.
  private func file(_ name: String) -> String {
    let plain = "\(path)/\(name)"
    return FileManager.default.fileExists(atPath: plain) ? plain : plain + ".gz"
  }
}
