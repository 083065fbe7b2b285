import Foundation
import LineupDatasets
import LineupFormats
import LineupLearning
import LineupSupport
import LineupTensors
import LineupTestSupport
import Testing

/// `lineup imagine` as a user calls it, on checkpoints whose pictures are noise of 16×16 pixels.
@Suite struct ImagineTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func file(_ name: String) -> String { folder.file(name) }

  private func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: file(name))) }

  private func picture(_ name: String) throws -> Picture { try Picture(pngFile: file(name)) }

  /// Draws to a file of the folder, in few steps.
  private func draw(_ name: String, _ checkpointName: String = "sd1", _ options: String...) throws {
    let usual = ["imagine", "--model", checkpoint(checkpointName), "--prompt", "a red cat", "--steps", "4"]
    let outcome = try Executable.run(usual + ["--output", file(name)] + options)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains(": seed "), "\(outcome.output)")
  }

  /// A picture of colours that differ everywhere, and a mask whose right half is white.
  private func writeSources() throws {
    var pixels: [UInt8] = []
    var mask: [UInt8] = []
    for y: UInt8 in 0..<16 {
      for x: UInt8 in 0..<16 {
        pixels += [x * 16, y * 16, 255 - x]
        mask.append(x < 8 ? 0 : 255)
      }
    }
    try Picture(pixels, height: 16, width: 16, channels: 3).writePNG(to: file("source.png"))
    try Picture(mask, height: 16, width: 16, channels: 1).writePNG(to: file("mask.png"))
  }

  @Test func theSameSeedGivesTheSameBytes() throws {
    try draw("a.png", "sd1", "--seed", "3", "--save-tensors", file("a.safetensors"))
    try draw("b.png", "sd1", "--seed", "3", "--threads", "1")
    try draw("c.png", "sd1", "--seed", "4")
    #expect(try bytes("a.png") == bytes("b.png"))
    #expect(try picture("a.png").pixels != picture("c.png").pixels)

    let tensors = try SafetensorsFile(path: file("a.safetensors"))
    let shapes = Dictionary(uniqueKeysWithValues: tensors.entries.map { ($0.name, $0.shape) })
    let expected: [String: [Int]] = [
      "prompt_embeds": [1, 77, 16], "negative_prompt_embeds": [1, 77, 16], "initial_latents": [1, 4, 8, 8],
      "latents": [1, 4, 8, 8], "image": [1, 3, 16, 16],
    ]
    #expect(shapes == expected)
    let values = try tensors.tensor("image").permuted([0, 2, 3, 1]).values
    let rounded: [UInt8] = values.map { UInt8(($0 * 255).rounded(.toNearestOrEven)) }
    #expect(try rounded == picture("a.png").pixels)

    // The noise from the file instead of the seed's.
    try draw("d.png", "sd1", "--seed", "9", "--latents", file("a.safetensors"))
    #expect(try picture("d.png").pixels == picture("a.png").pixels)
  }

  @Test func picturesAreRepeatedFromTheirOwnSettings() throws {
    try draw("a.png", "sd2", "--seed", "5", "--scheduler", "euler-a", "--guidance", "3", "--width", "24", "--weighted")
    let again = try Executable.run("imagine", "--from", file("a.png"), "--output", file("b.png"))
    #expect(again.status == 0, "\(again.errors)")
    #expect(try bytes("a.png") == bytes("b.png"))
    let other = try Executable.run("imagine", "--from", file("a.png"), "--guidance", "4", "--output", file("c.png"))
    #expect(other.status == 0, "\(other.errors)")
    #expect(try picture("c.png").width == 24)
    #expect(try picture("c.png").pixels != picture("a.png").pixels)
  }

  /// A link is followed, and a JPEG remembers its settings too; what cannot be written is told before any weight is read.
  @Test func outputsAreCheckedFirst() throws {
    try FileManager.default.createSymbolicLink(atPath: file("link.png"), withDestinationPath: "real.png")
    try draw("link.png", "sd1", "--seed", "-1")
    #expect(try picture("real.png").width == 16)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: file("link.png")) == "real.png")
    try draw("a.jpg", "sd1", "--seed", "3", "--width", "32")
    let again = try Executable.run("imagine", "--from", file("a.jpg"), "--output", file("b.jpg"))
    #expect(again.status == 0, "\(again.errors)")
    #expect(try bytes("a.jpg") == bytes("b.jpg"))
    for (name, sentence) in [
      ("none/a.png", "there is no folder"), ("a.gif", "found the ending .gif"), ("a", "found a name without an ending"),
    ] {
      // No such model, which would be told if it were looked for.
      let outcome = try Executable.run(
        "imagine", "--model", "/nowhere", "--prompt", "x", "--output", file(name))
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    }
  }

  @Test func eachOfSeveralPicturesHasTheNextSeed() throws {
    // Of an earlier call that was stopped.
    try folder.write("two-1.preview.png", "")
    try draw("two.png", "sd1", "--seed", "7", "--count", "2", "--preview", "--save-tensors", file("two.safetensors"))
    try draw("second.png", "sd1", "--seed", "8")
    #expect(try bytes("two-2.png") == bytes("second.png"))
    #expect(try picture("two-1.png").pixels != picture("two-2.png").pixels)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        == ["second.png", "two-1.png", "two-2.png", "two.safetensors"])
    #expect(try SafetensorsFile(path: file("two.safetensors")).tensor("image").shape == [2, 3, 16, 16])
  }

  @Test func otherPicturesAreBegunFrom() throws {
    try writeSources()
    let source = try picture("source.png")
    try draw("faint.png", "sd1", "--seed", "1", "--image", file("source.png"), "--strength", "0.25")
    try draw("strong.png", "sd1", "--seed", "1", "--image", file("source.png"), "--strength", "1")
    #expect(try picture("faint.png").pixels != picture("strong.png").pixels)

    for name in ["sd1", "inpaint"] {
      try draw("masked.png", name, "--seed", "1", "--image", file("source.png"), "--mask", file("mask.png"))
      let masked = try picture("masked.png")
      let changed = source.pixels.indices.filter { source.pixels[$0] != masked.pixels[$0] }
      #expect(!changed.isEmpty && changed.allSatisfy { $0 / 3 % 16 >= 8 }, "\(name)")
    }
    try draw("large.png", "upscale", "--seed", "1", "--image", file("source.png"), "--upscale")
    #expect(try picture("large.png").width == 64)
    try draw(
      "steered.png", "sd1", "--seed", "1", "--control", checkpoint("controlnet"), "--control-image", file("source.png"))
    try draw("free.png", "sd1", "--seed", "1")
    #expect(try picture("steered.png").pixels != picture("free.png").pixels)
  }

  private static let mistakes: [(options: [String], sentence: String)] = [
    (["--prompt", "x", "--mask", "m.png"], "--mask, --strength and --upscale need a picture to begin from: --image"),
    ([], "give a --prompt; an empty one is \"\""),
    (["--prompt", "x", "--scheduler", "fast"], "--scheduler must be ddim, ddpm, pndm, euler,"),
    (["--prompt", "x", "--control", "net"], "each --control needs a --control-image: got 1 and 0"),
    (["--prompt", "x", "--steps", "0"], "--steps must be a whole number of at least 1; got 0"),
  ]

  @Test(arguments: mistakes)
  func mistakesOnTheCommandLineEndWithTwo(options: [String], sentence: String) throws {
    let outcome = try Executable.run(
      ["imagine", "--model", checkpoint("sd1"), "--output", file("a.png")] + options)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: file("a.png")))
  }

  /// A picture from noise has no picture to enlarge or to mask, also when it is repeated.
  @Test func repeatedPicturesTakeOptionsOnlyThatFitThem() throws {
    let first = try Executable.run([
      "imagine", "--model", checkpoint("sd1"), "--prompt", "x", "--steps", "2", "--output", file("first.png"),
    ])
    #expect(first.status == 0, "\(first.errors)")
    for option in [["--upscale"], ["--mask", file("first.png")], ["--strength", "0.5"]] {
      let outcome = try Executable.run(
        ["imagine", "--from", file("first.png"), "--output", file("second.png")] + option)
      #expect(outcome.status == 2 && outcome.errors.contains("need a picture to begin from"), "\(outcome.errors)")
    }
  }

  @Test func whatCannotBeDrawnEndsWithOneAndASentence() throws {
    try folder.write("old.safetensors", "PK\u{3}\u{4} a pickle")
    let sd1 = checkpoint("sd1")
    let cases: [([String], String)] = [
      (["--model", "/nowhere/model"], "/nowhere/model: there is no such file or folder."),
      (["--model", file("old.safetensors")], "old.safetensors: is a pickle file, which can run any code"),
      (["--model", sd1, "--lora", file("old.safetensors")], "old.safetensors: is a pickle file"),
      (
        ["--model", sd1, "--width", "23"], "Pictures of 23×16 pixels cannot be drawn: both sides must be multiples of 2"
      ),
      (["--model", sd1, "--clip-skip", "9"], "9 of the text encoder's layers cannot be left out; it has 3."),
      (["--model", sd1, "--image", "/nowhere/a.png"], "/nowhere/a.png: cannot be read"),
      (["--model", checkpoint("inpaint")], "This checkpoint is for inpainting"),
      (
        ["--model", sd1, "--scheduler", "ddim", "--karras"], "the sampler ddim cannot have the noise levels \"karras\""
      ),
    ]
    for (options, sentence) in cases {
      let outcome = try Executable.run(["imagine", "--prompt", "x", "--output", file("a.png")] + options)
      #expect(outcome.status == 1, "\(options)")
      #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: file("a.png")))
  }
}
