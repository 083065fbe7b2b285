import Foundation
import LineupSupport

extension Dataset {
  static let fashionMNIST = Dataset(
    name: "fashion-mnist", summary: "grey pictures of clothes, ten classes, with captions",
    contents: "28×28×1: 55,000 to train, 5,000 to validate, 10,000 to test",
    need: .package(FashionMNIST.package) { FashionMNIST.isInstalled() },
    source: .images(
      ImageSource(side: 28, counts: .init(validation: IDXFolder.validationCount, test: 10_000)) {
        request throws(Fault) in
        try FashionMNIST.load(from: request.path, allTrain: request.allTrain ?? false)
      }))
}

/// Fashion-MNIST (Xiao, Rasul and Vollgraf 2017): 70,000 grey pictures of clothes, 28×28, ten classes.
///
/// The Debian package `dataset-fashion-mnist` brings the files; nothing is fetched.
public enum FashionMNIST {
  /// The Debian package that brings the files.
  static let package = "dataset-fashion-mnist"
  /// Where the Debian package puts the files.
  public static let defaultFolder = "/usr/share/datasets/fashion-mnist"

  /// The name of each class.
  public static let classNames = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
  ]

  /// Two ways to call a thing of each class, the plainer one first.
  static let nouns: [[String]] = [
    ["a t-shirt", "a top"], ["a pair of trousers", "trousers"], ["a pullover", "a sweater"],
    ["a dress", "a gown"], ["a coat", "a jacket"], ["a sandal", "an open shoe"], ["a shirt", "a blouse"],
    ["a sneaker", "a sports shoe"], ["a bag", "a handbag"], ["an ankle boot", "a boot"],
  ]

  /// The caption of image `index`, which shows a thing of class `label`: half of them the plain noun, the rest another
  /// noun or a longer phrase. A fixed function of its two numbers.
  package static func caption(label: Int, index: Int) -> String {
    let nouns = nouns[label]
    return switch index % 8 {
    case 0, 2, 4, 6: nouns[0]
    case 1, 5: nouns[1]
    case 3: "a photo of \(nouns[0])"
    default: "a picture of \(nouns[0])"
    }
  }

  /// Whether the files are in the folder.
  public static func isInstalled(in folder: String = defaultFolder) -> Bool {
    ["train-images-idx3-ubyte", "t10k-images-idx3-ubyte"].allSatisfy { name in
      ["", ".gz"].contains { FileManager.default.fileExists(atPath: "\(folder)/\(name)\($0)") }
    }
  }

  /// The parts: training images are the file's first 55,000, validation images its last 5,000, test images the 10,000 of
  /// the test file.
  ///
  /// - Parameters:
  ///   - folder: where the four files are, where not at the package's place
  ///   - allTrain: train on all 60,000; the validation images are then among them
  public static func load(from folder: String? = nil, allTrain: Bool = false) throws(Fault) -> DatasetSplits {
    let name = Dataset.fashionMNIST.name
    let source = IDXFolder(
      path: folder ?? defaultFolder,
      advice: folder == nil
        ? "install it with `apt-get install \(package)`, or use DATA=shapes, which needs no files"
        : "check the path; it must hold the four files of Fashion-MNIST")
    let whole = try source.part("train", name: "\(name)/train", classNames: classNames, caption: caption)
    let test = try source.part("t10k", name: "\(name)/test", classNames: classNames, caption: caption)
    return try DatasetSplits.cut(
      whole, test: test, validationCount: IDXFolder.validationCount, allTrain: allTrain)
  }
}
