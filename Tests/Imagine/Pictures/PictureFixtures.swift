import Foundation
import LineupDatasets
import LineupFormats
import Testing

/// What Pillow and diffusers did with pictures, by `pictures.py`.
enum PictureFixtures {
  struct Digests: Decodable {
    var pixels: String
    var luma: String
  }

  struct Resampled: Decodable {
    var from: [Int]
    var to: [Int]
    var channels: Int
    var pixels: String
  }

  struct Record: Decodable {
    var jpeg: [String: Digests]
    var sizes: [Resampled]
    var notes: [String: String]
  }

  static func path(_ name: String) -> String { Fixtures.path("pictures/\(name)") }

  static func record() throws -> Record {
    try JSONDecoder().decode(Record.self, from: Data(contentsOf: URL(fileURLWithPath: path("pictures.json"))))
  }

  static func tensors() throws -> SafetensorsFile { try SafetensorsFile(path: path("pictures.safetensors")) }

  /// The picture of the same name in the script.
  static func noise(width: Int, height: Int, channels: Int = 3) -> Picture {
    var state: UInt32 = 7
    let values = (0..<width * height * channels).map { _ -> UInt8 in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
    return Picture(values, height: height, width: width, channels: channels)
  }
}
