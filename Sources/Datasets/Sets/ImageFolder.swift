import Foundation
import LineupFormats
import LineupSupport
import LineupTensors

extension Dataset {
  static let folder = Dataset(
    name: "folder", summary: "a folder of your own with one sub-folder of PNG files for each class",
    contents: "any size, scaled to data.size (\(ImageFolder.side) where not given) and cut to a square",
    need: .folder("the folder with one folder of PNG files for each class"),
    source: .images(
      ImageSource(side: ImageFolder.side) { request throws(Fault) in
        let folder = ImageFolder(
          path: request.path ?? "", side: request.size ?? ImageFolder.side, channels: request.channels)
        return try folder.splits(seed: request.seed ?? 0)
      }))
}

/// A folder with one sub-folder of PNG files for each class.
///
/// The caption of NAME.png is the first line of NAME.txt beside it where there is one, else the class's name with an
/// article. Pictures of any size are scaled to one square.
struct ImageFolder {
  let path: String
  let side: Int
  /// The side where a request names none.
  static let side = 32
  /// 1 or 3; nil means 1 where every picture is grey.
  let channels: Int?

  private struct Item {
    let file: String
    let label: Int32
    let caption: String
  }

  /// Ten per cent of the images, chosen by the seed, validate, another ten test, the rest is for training.
  func splits(seed: UInt64) throws(Fault) -> DatasetSplits {
    let whole = try images()
    guard whole.count >= 3 else {
      throw .malformed("data.path", found: "\(whole.count) pictures in \(path)", expected: "at least 3")
    }
    var random = RandomStream(seed: seed).split("folder")
    let order = random.permutation(of: whole.count).map { Int($0) }
    let held = max(1, whole.count / 10)
    return DatasetSplits(
      train: whole.subset(order[(2 * held)...].sorted(), name: "folder/train"),
      validation: whole.subset(order[..<held].sorted(), name: "folder/validation"),
      test: whole.subset(order[held..<2 * held].sorted(), name: "folder/test"))
  }

  private func images() throws(Fault) -> ImageSet {
    let (classNames, items) = try list()
    var pictures: [Picture] = []
    for item in items {
      pictures.append(try Picture(pngFile: item.file).squared(side: side))
    }
    let channels = channels ?? (pictures.allSatisfy(\.isGrey) ? 1 : 3)
    return ImageSet(
      name: "folder", height: side, width: side, channels: channels,
      pixels: pictures.flatMap { channels == 3 ? $0.pixels : $0.luminance() }, labels: items.map(\.label),
      classNames: classNames, captions: items.map(\.caption))
  }

  /// The classes and their files, in the order of their names.
  private func list() throws(Fault) -> (classNames: [String], items: [Item]) {
    guard Folder.exists(path) else {
      throw Fault(.missing, file: path, cause: "data.path must be a folder with one folder of PNG files for each class")
    }
    var classNames: [String] = []
    var items: [Item] = []
    for folder in try contents(path).filter({ Folder.isFolder("\(path)/\($0)") }) {
      let files = try contents("\(path)/\(folder)").filter { $0.lowercased().hasSuffix(".png") }
      guard !files.isEmpty else { continue }
      for file in files {
        let whole = "\(path)/\(folder)/\(file)"
        items.append(
          Item(file: whole, label: Int32(classNames.count), caption: caption(of: whole, className: folder)))
      }
      classNames.append(folder)
    }
    guard !items.isEmpty else {
      throw .malformed(
        path, place: "its sub-folders", found: "no PNG files", expected: "one folder of PNG files for each class")
    }
    return (classNames, items)
  }

  private func contents(_ folder: String) throws(Fault) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.sorted()
    } catch {
      throw .unreadable(folder, "\((error as NSError).localizedDescription)")
    }
  }

  private func caption(of file: String, className: String) -> String {
    let text = try? WholeFile.text(file.dropLast(4) + ".txt")
    if let line = text?.split(whereSeparator: \.isNewline).first { return String(line) }
    let words = className.replacingOccurrences(of: "_", with: " ").lowercased()
    let article = "aeiou".contains(words.first ?? " ") ? "an" : "a"
    return "\(article) \(words)"
  }
}

extension Picture {
  /// One byte a pixel by the weights of Rec. 601.
  func luminance() -> [UInt8] {
    stride(from: 0, to: pixels.count, by: 3).map { place in
      let sum = 299 * Int(pixels[place]) + 587 * Int(pixels[place + 1]) + 114 * Int(pixels[place + 2])
      return UInt8((sum + 500) / 1000)
    }
  }
}
