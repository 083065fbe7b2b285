import LineupFormats
import LineupImagine
import LineupTestSupport
import Testing

/// What another program's settings ask for and cannot be honoured here is named, or honoured with what options give.
@Suite struct A1111Tests {
  private static let usual = "Steps: 4, Sampler: Euler a, CFG scale: 7, Seed: 5, Size: 64x64, Model hash: abc, Model: m"

  /// Draws up the settings of a picture with such a text, and the error or what was left out.
  private func settings(
    _ prompt: String, _ further: String, _ options: [String: [String]] = [:], ignoring: Bool = false
  ) throws -> (settings: PictureSettings?, told: String) {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.png"
      let note: PictureNote = ("parameters", "\(prompt)\n\(Self.usual)\(further)")
      try Picture(width: 2, height: 2).writePNG(to: path, notes: [note])
      var told: [String] = []
      do {
        let made = try PictureSettings(
          options: options, repeating: path, ignoringUnknown: ignoring, note: { told.append($0) })
        return (made, told.joined(separator: "\n"))
      } catch { return (nil, "\(error)") }
    }
  }

  @Test(arguments: [
    ("a cat <lora:style:0.8>", "", "<lora:style:0.8>: an adapter; give its file with --lora"),
    ("a cat <hypernet:h:1>", "", "<hypernet:h:1>: a further network"),
    ("a cat\nNegative prompt: dog <lora:n:1>", "", "<lora:n:1>"),
    ("a cat BREAK a dog", "", "BREAK: begins a new piece"), ("a cat AND a dog", "", "AND: makes several prompts"),
    ("a [cat:dog:0.5]", "", "[cat:dog:0.5]: changes the prompt"), ("a [cat:10]", "", "[cat:10]: changes"),
    ("a [cat::10]", "", "[cat::10]: changes"), ("a [cat|dog]", "", "[cat|dog]: changes"),
    ("a cat", ", Denoising strength: 0.7, Hires upscale: 2, Hires upscaler: Latent", "Hires upscaler: Latent"),
    ("a cat", ", Denoising strength: 0.7", "the picture that this one began from"),
    ("a cat", ", ENSD: 31337", "ENSD: 31337: another seed"), ("a cat", ", Variation seed: 7", "Variation seed: 7"),
    ("a cat", ", Variation seed: 7, Variation seed strength: 0.3", "Variation seed strength: 0.3"),
    ("a cat", ", ControlNet 0: \"Module: canny, Model: c\"", "ControlNet 0: \"Module: canny, Model: c\": a ControlNet"),
    ("a cat", ", VAE: sharp.safetensors", "give it with --vae"),
    ("a cat", ", Moon phase: 3", "Moon phase: 3: not known"),
    ("a cat", ", TI hashes: \"easy: ab12, hard: cd\"", "TI hashes: hard: a learned word"),
  ]) func whatCannotBeHonouredIsNamed(prompt: String, further: String, expected: String) throws {
    let refused = try settings(prompt, further)
    #expect(refused.settings == nil && refused.told.contains(expected), "\(refused.told)")
    #expect(refused.told.contains("--ignore-unknown"))
    let ignored = try settings(prompt, further, ignoring: true)
    #expect(
      ignored.settings != nil && ignored.told.contains("left out, \(expected.prefix(6))") || !ignored.told.isEmpty)
    #expect(ignored.settings?.strength == nil)
  }

  @Test(arguments: [
    ("a cat", ""), ("a (cat:1.2) [dog] \\[a|b\\], BREAKFAST, and", ""),
    ("a cat", ", Lora hashes: \"style: abcd\", Version: v1.6.0, ENSD: 0, VAE: Automatic, Emphasis: Original"),
  ]) func whatChangesNothingPasses(prompt: String, further: String) throws {
    let found = try settings(prompt, further)
    #expect(found.settings?.prompt == prompt && found.told.isEmpty, "\(found.told)")
  }

  @Test func whatOptionsGiveIsHonoured() throws {
    let adapter = try settings("a cat <lora:style:0.8>", "", ["lora": ["files/style.safetensors:0.5"]])
    #expect(adapter.settings?.prompt == "a cat")
    #expect(adapter.settings?.loras == [.init(file: "files/style.safetensors", scale: 0.4)])
    #expect(try settings("a cat", ", VAE: s", ["vae": ["s"]]).settings?.vae == "s")
    #expect(try settings("a cat", ", Denoising strength: 0.7", ["image": ["a.png"]]).settings?.strength == 0.7)
    #expect(try settings("easy", ", TI hashes: \"easy: ab\"", ["embedding": ["easy=e"]]).settings != nil)
    // There it holds for both prompts.
    let skipping = try settings("a cat\nNegative prompt: bad", ", Clip skip: 2").settings
    #expect(skipping?.clipSkip == 1 && skipping?.negativeClipSkip == 1)
    #expect(try settings("a cat", ", Eta DDIM: 0.5").settings?.eta == 0.5)
  }
}
