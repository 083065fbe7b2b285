import Foundation
import LineupDatasets
import LineupDiffusion
import LineupFormats
import LineupImagine
import LineupSupport
import Testing

@Suite struct PictureNotesTests {
  private static func full() -> PictureSettings {
    var record = PictureSettings(prompt: "a (cat:1.2), \"sitting\"\nin β, Steps: no")
    (record.steps, record.guidance, record.seed, record.scheduler) = (25, 7.1, .max, .dpmSolver)
    (record.width, record.height) = (640, 384)
    record.negativePrompt = "blurry\nNegative prompt: bad"
    record.weighted = true
    record.guidanceRescale = 0.7
    record.karras = true
    record.spacing = .trailing
    record.clipSkip = 1
    record.model = "my, model: v1"
    record.modelHash = "6ce0161689"
    record.strength = 0.35
    (record.image, record.mask, record.controls) = (
      "in/a.png", "mask.png", [.init(network: "canny", image: "edges.jpg", scale: 0.5)]
    )
    record.loras = [.init(file: "style.safetensors", scale: 0.8)]
    record.embeddings = [.init(token: "<cat>", file: "cat.safetensors")]
    record.version = "0.1.0"
    return record
  }

  /// What is said to be wrong with notes.
  private static func problems(_ notes: [(keyword: String, text: String)]) -> [String] {
    do {
      _ = try settings(notes)
      return []
    } catch {
      return error.problems.isEmpty ? ["\(error)"] : error.problems
    }
  }

  private static func parsed(_ text: String) throws -> PictureSettings { try settings([("parameters", text)]) }

  private static func settings(_ notes: [PictureNote]) throws(Fault) -> PictureSettings {
    var unheeded: [UnheededSetting] = []
    return try PictureSettings(notes: notes, path: "a.png", unheeded: &unheeded)
  }

  /// Every setting survives a file, through our own note.
  @Test func survivesAFile() throws {
    let record = Self.full()
    let file = PictureFixtures.noise(width: 4, height: 4).png(notes: record.notes)
    let notes = try Picture.notes(inPNG: file, path: "a.png")
    #expect(notes.map(\.keyword) == ["parameters", "lineup"])
    #expect(try Self.settings(notes) == record)
    #expect(record.notes.map(\.text) == record.notes.map(\.text))
  }

  @Test func writesTheTextOfA1111() throws {
    var record = Self.full()
    (record.prompt, record.negativePrompt) = ("a cat\nin red", "blurry")
    let text = """
      a cat
      in red
      Negative prompt: blurry
      Steps: 25, Sampler: DPM++ 2M Karras, CFG scale: 7.1, Seed: 18446744073709551615, Size: 640x384, Model hash: \
      6ce0161689, Model: "my, model: v1", Clip skip: 2, Denoising strength: 0.35, RNG: CPU, Version: Lineup 0.1.0
      """
    #expect(record.notes[0].text == text)
    var plain = PictureSettings()
    (plain.steps, plain.guidance, plain.seed, plain.rng) = (20, 7, 1, .torchCUDA)
    (plain.scheduler, plain.width, plain.height) = (.eulerAncestral, 512, 512)
    let line = "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512, RNG: NV"
    #expect(plain.notes[0].text == line)
  }

  /// What A1111's text has words for survives it, with every sampler.
  @Test func survivesTheTextOfA1111() throws {
    for scheduler in SamplerRule.allCases {
      for karras in [false, true] {
        var record = Self.full()
        (record.prompt, record.negativePrompt) = ("a cat,\nSteps: many", "two\nlines")
        (record.scheduler, record.karras, record.model) = (scheduler, karras, "a \"quoted\", \\ name")
        var expected = record
        (expected.guidanceRescale, expected.spacing, expected.image, expected.mask) = (0, nil, nil, nil)
        (expected.controls, expected.loras, expected.embeddings) = ([], [], [])
        // There it holds for both prompts.
        expected.negativeClipSkip = 1
        #expect(try Self.parsed(record.notes[0].text) == expected)
      }
    }
  }

  /// Texts as A1111's documentation shows them, of older and later versions.
  @Test func readsTextsOfA1111() throws {
    let old = try Self.parsed(
      """
      a red boot,
      (oil painting:1.3)
      Negative prompt: blurry,
      low quality
      Steps: 20, Sampler: DPM++ 2M Karras, CFG scale: 7.5, Seed: 965400086, Size: 512x768, Model hash: 6ce0161689, \
      Model: v1-5-pruned-emaonly, Denoising strength: 0.7, Clip skip: 2, ENSD: 31337, Hires upscale: 2, \
      Lora hashes: "boot: 7d3a1fe6a3, style: 89d59c3dde", Version: v1.6.0
      """)
    var expected = PictureSettings(prompt: "a red boot,\n(oil painting:1.3)")
    (expected.steps, expected.guidance, expected.seed, expected.rng) = (20, 7.5, 965_400_086, .torchCUDA)
    (expected.scheduler, expected.width, expected.height) = (.dpmSolver, 512, 768)
    (expected.negativePrompt, expected.weighted, expected.karras) = ("blurry,\nlow quality", true, true)
    (expected.modelHash, expected.model) = ("6ce0161689", "v1-5-pruned-emaonly")
    (expected.strength, expected.clipSkip, expected.negativeClipSkip) = (0.7, 1, 1)
    #expect(old == expected)

    let later = try Self.parsed(
      "a cat\r\nSteps: 8, Sampler: Euler, Schedule type: Karras, CFG scale: 1, Seed: 0, Size: 64x64, RNG: CPU, "
        + "Civitai resources: [{\"type\":\"lora\",\"name\":\"a, b\"}], Model: \"tiny: a\"")
    #expect(later.prompt == "a cat" && later.negativePrompt.isEmpty && later.karras == true && later.rng == .torchCPU)
    #expect(later.scheduler == .euler && later.model == "tiny: a" && later.modelHash == nil)
    #expect(try Self.parsed("Steps: 8, Sampler: LCM, CFG scale: 1, Seed: 0, Size: 64x64").prompt.isEmpty)
  }

  /// Everything wrong with a text is listed at once.
  @Test func wrongSettingsAreListed() throws {
    func problems(_ text: String) -> [String] {
      Self.problems([("parameters", text)]).map { String($0.prefix { $0 != "," }) }
    }
    #expect(problems("a cat") == ["the last line: found no settings"])
    #expect(problems("").count == 1)
    #expect(
      problems("a\nSteps: -1, Sampler: Magic, CFG scale: nan, Seed: 1.5, Size: 5x, Clip skip: 0, RNG: Moon") == [
        "Steps: found -1", "Sampler: found Magic", "CFG scale: found nan", "Seed: found 1.5", "Size: found 5x",
        "Clip skip: found 0", "RNG: found Moon",
      ])
    #expect(
      problems("Steps: 1, Schedule type: Exponential") == [
        "Sampler: found nothing", "Schedule type: found Exponential", "CFG scale: found nothing",
        "Seed: found nothing", "Size: found nothing",
      ])
    #expect(
      problems("Steps: 1, Sampler: DDIM, CFG scale: 1, Seed: 1, Size: 8x8, Model: \"open") == [
        "Model: found \"open"
      ])
  }

  @Test func notesThatAreNoRecordAreErrors() throws {
    let missing = Fault.malformed(
      "a.png", found: "the notes Software", expected: "one of the keyword lineup or parameters")
    #expect(throws: missing) { try Self.settings([("Software", "x")]) }
    // A good text beside it does not hide a bad one of our own.
    let good = Self.full().notes
    func problem(_ json: String) -> String {
      Self.problems([good[0], ("lineup", json)]).joined(separator: "; ")
    }
    func changed(_ old: String, _ new: String) -> String { good[1].text.replacingOccurrences(of: old, with: new) }
    #expect(problem(good[1].text) == "")
    #expect(problem("{").contains("found the end of the file"))
    #expect(problem("[]").contains("found an empty list, expected an object"))
    #expect(problem(changed("\"seed\"", "\"seeds\"")).contains("/seed: found nothing, expected a whole number"))
    #expect(problem(changed("\"steps\":25", "\"steps\":\"25\"")).contains("/steps: found the text \"25\""))
    #expect(problem(changed("\"scale\":0.8", "\"scale\":null")).contains("/loras/0/scale: found null"))
    #expect(problem(changed("dpm++2m", "magic")).contains("/scheduler: found the text \"magic\", expected one of"))
  }

  /// The bytes that the first version wrote, which later ones write for the same settings and read.
  @Test func theNoteHasTheBytesOfTheFirstVersion() throws {
    var record = Self.full()
    (record.prompt, record.negativePrompt) = ("a cat\nin red", "blurry")
    let text = """
      {"clipSkip":1,"controls":[{"image":"edges.jpg","network":"canny","scale":0.5}],"embeddings":[{"file":\
      "cat.safetensors","token":"<cat>"}],"guidance":7.1,"guidanceRescale":0.7,"height":384,"image":"in/a.png",\
      "karras":true,"loras":[{"file":"style.safetensors","scale":0.8}],"mask":"mask.png","model":"my, model: v1",\
      "modelHash":"6ce0161689","negativePrompt":"blurry","prompt":"a cat\\nin red","rng":"torch-cpu","scheduler":\
      "dpm++2m","seed":18446744073709551615,"spacing":"trailing","steps":25,"strength":0.35,"tiled":false,"upscale":\
      false,"version":"0.1.0","weighted":true,"width":640}
      """
    #expect(record.notes[1].text == text)
    #expect(try Self.settings([("lineup", text)]) == record)
    var plain = PictureSettings(prompt: "é/\u{7f}\u{1}")
    (plain.guidance, plain.rng, plain.width, plain.height) = (7, .torchCUDA, 8, 8)
    #expect(
      plain.notes[1].text == """
        {"clipSkip":0,"controls":[],"embeddings":[],"guidance":7,"guidanceRescale":0,"height":8,"loras":[],\
        "negativePrompt":"","prompt":"é/\u{7f}\\u0001","rng":"torch-cuda","seed":0,"steps":30,"tiled":false,"upscale":\
        false,"weighted":false,"width":8}
        """)
  }
}
