import Foundation
import LineupImagine
import LineupTestSupport
import Testing

@Suite struct PictureSettingsTests {
  /// Two values for each setting, as a person gives them.
  private static let samples: [String: (first: String, other: String)] = [
    "model": ("a", "b"), "config": ("a", "b"), "tokenizer": ("a", "b"), "lora": ("a:0.5", "b:c"),
    "embedding": ("<a>=a.safetensors", "b=c=d"), "prompt": ("a", "b"), "negative-prompt": ("a", "b"),
    "weighted": ("true", "false"), "steps": ("1", "25"), "guidance": ("7", "1.5"), "guidance-rescale": ("0.5", "1"),
    "seed": ("18446744073709551615", "7"), "rng": ("torch-cuda", "torch-cpu"), "scheduler": ("euler-a", "ddim"),
    "karras": ("true", "false"), "spacing": ("trailing", "leading"), "eta": ("0.3", "1"), "clip-skip": ("2", "1"),
    "width": ("64", "16384"), "height": ("64", "1"), "image": ("a.png", "b.jpg"), "strength": ("0.35", "1"),
    "mask": ("a.png", "b.png"), "upscale": ("true", "false"), "noise-level": ("3", "0"), "control": ("a", "b"),
    "control-image": ("a.png", "b.png"), "control-scale": ("0.5", "2"), "guess-mode": ("true", "false"),
    "latents": ("a.safetensors", "b.safetensors"), "tile": ("true", "false"), "vae": ("a", "b.safetensors"),
    "prediction": ("v", "epsilon"), "negative-clip-skip": ("1", "0"),
  ]

  /// Values that a setting must refuse.
  private static let wrong: [String: [String]] = [
    "lora": ["a:nan"], "embedding": ["a", "=a"], "steps": ["0", "1.5", "many"], "guidance": ["nan", "inf", "x"],
    "guidance-rescale": ["-0.1", "1.1", "nan"], "seed": ["-2", "x"], "rng": ["moon"], "scheduler": ["fast"],
    "spacing": ["even"], "eta": ["-1", "2", "nan"], "clip-skip": ["-1"], "negative-clip-skip": ["-1"],
    "prediction": ["noise"], "width": ["0", "16385"],
    "height": ["0", "16385"], "strength": ["-0.1", "1.1", "nan"], "noise-level": ["-1"], "control-scale": ["nan"],
  ]

  /// A property that no person can set, or a row without a property, is a mistake here.
  @Test func everyPropertyHasARow() {
    let properties = Mirror(reflecting: PictureSettings()).children.compactMap(\.label)
    // What other programs and this one leave in a file, not what someone asks for.
    let asked = Set(properties).subtracting(["modelHash", "version"])
    #expect(asked == Set(PictureSettings.all.map { String($0.name.prefix { $0 != "." }) }))
    #expect(Set(PictureSettings.all.map(\.option)) == Set(Self.samples.keys))
    #expect(Set(PictureSettings.all.map(\.option)).count == PictureSettings.all.count)
  }

  /// What an option gives stands in the settings, in the note under the setting's name, and in what is read back.
  @Test(arguments: PictureSettings.all) func everyRowSetsItsPropertyAndNoOther(_ setting: PictureSetting) throws {
    let samples = try #require(Self.samples[setting.option])
    var first = PictureSettings()
    if setting.name.hasPrefix("controls.") { first.controls = [.init(network: "net", image: "map.png")] }
    var other = first
    try setting.set([samples.first], in: &first)
    try setting.set([samples.other], in: &other)
    let member = String(setting.name.prefix { $0 != "." })
    for (one, two) in zip(Mirror(reflecting: first).children, Mirror(reflecting: other).children) {
      #expect(("\(one.value)" != "\(two.value)") == (one.label == member), "\(one.label!)")
    }
    for settings in [first, other] {
      let notes = settings.notes
      var unheeded: [UnheededSetting] = []
      #expect(notes[1].text.contains("\"\(member)\":"))
      #expect(try PictureSettings(notes: notes, path: "a.png", unheeded: &unheeded) == settings)
    }
    for wrong in Self.wrong[setting.option] ?? [] {
      let before = first
      let error = #expect(throws: PictureSettingsError.self) { try setting.set([wrong], in: &first) }
      #expect(error?.description == "--\(setting.option) must be \(setting.expected); got \(wrong)")
      #expect(first == before)
    }
    #expect(setting.help.hasSuffix(".") && !setting.help.contains(".."))
  }

  @Test func minusOneDrawsASeed() throws {
    let draws = try (0..<3).map { _ in
      try PictureSettings(options: ["model": ["sd1"], "prompt": ["x"], "seed": ["-1"]]).seed
    }
    #expect(Set(draws).count > 1 && draws.allSatisfy { $0 <= UInt64(UInt32.max) })
  }

  /// The table of options for people names every one.
  @Test func theManualNamesEveryOption() throws {
    let manual = try String(contentsOf: repositoryRoot.appending(path: "docs/stable-diffusion.md"), encoding: .utf8)
    for setting in PictureSettings.all { #expect(manual.contains("`--\(setting.option)"), "--\(setting.option)") }
  }

  /// Values that did not come through options are checked too.
  @Test func valuesOutOfRangeAreTold() throws {
    func problem(_ change: (inout PictureSettings) -> Void) -> String {
      var settings = PictureSettings(prompt: "x")
      change(&settings)
      do { try settings.check() } catch { return error.description }
      return ""
    }
    #expect(problem { _ in } == "")
    #expect(problem { $0.steps = 0 } == "--steps must be a whole number of at least 1; got 0")
    #expect(problem { $0.strength = 1.5 } == "--strength must be a number from 0 to 1; got 1.5")
    #expect(problem { $0.loras = [.init(file: "a", scale: .infinity)] }.contains("--lora must be FILE or FILE:SCALE"))
    #expect(problem { $0.mask = "m.png" }.contains("need a picture to begin from: --image"))
    #expect(
      problem { ($0.image, $0.mask, $0.upscale) = ("a.png", "m.png", true) }
        == "--upscale and --mask cannot go together")
  }

  @Test func optionsThatDoNotGoTogetherAreTold() throws {
    func problem(_ options: [String: [String]]) -> String {
      let usual = ["model": ["sd1"], "prompt": ["x"]].merging(options) { $1 }
      let error = #expect(throws: PictureSettingsError.self) { try PictureSettings(options: usual) }
      return error?.description ?? ""
    }
    #expect(problem(["control": ["a"]]) == "each --control needs a --control-image: got 1 and 0")
    #expect(
      problem(["control": ["a"], "control-image": ["a", "b"]])
        == "--control-image goes with a --control each: got 2 for 1")
    #expect(problem(["control-scale": ["1"]]) == "--control-scale goes with a --control each: got 1 for 0")
    #expect(problem(["guess-mode": ["true"]]) == "--guess-mode goes with --control")
    #expect(problem(["noise-level": ["1"]]) == "--noise-level goes with --upscale")
    #expect(problem(["strength": ["1"]]).contains("--image"))
    let settings = try PictureSettings(options: [
      "model": ["sd1"], "prompt": ["x"], "control": ["a", "b"], "control-image": ["c", "d"], "control-scale": ["2"],
    ])
    #expect(
      settings.controls == [.init(network: "a", image: "c", scale: 2), .init(network: "b", image: "d", scale: 1)])
  }
}
