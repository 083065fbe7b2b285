import ArgumentParser
import Foundation
import LineupImagine
import LineupKernels
import LineupSupport

struct ImagineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "imagine", abstract: "Draw pictures with a published Stable Diffusion checkpoint.",
    discussion: """
      MODEL is a folder in the layout of diffusers, or one .safetensors file in the layout of the first releases. The same \
      seed gives the picture that diffusers gives. With --image a picture begins from another one; with --mask too, only \
      the mask's white places are made anew; with --upscale the picture is enlarged by an upscaling checkpoint. \
      --from repeats a picture from the settings in its file; other options then change them. docs/stable-diffusion.md \
      tells more.
      """)

  @OptionGroup(title: "Model") var model: SettingArguments<ModelSettings>
  @OptionGroup(title: "Picture") var picture: SettingArguments<DrawingSettings>
  @OptionGroup(title: "Other pictures") var sources: SettingArguments<SourceSettings>

  @Option(help: "A picture of this command, or of another program that keeps such notes: its settings are repeated.")
  var from: String?

  @Flag(help: "With --from: draw without what another program's settings ask for and cannot be honoured here.")
  var ignoreUnknown = false

  @OptionGroup(title: "Output") var tiling: SettingArguments<OutputSettings>
  @OptionGroup(title: "Output") var output: Output

  /// Where pictures go.
  struct Output: ParsableArguments {
    @Option(
      help: "The picture to write, .png, .jpg or .jpeg; of several, numbers are put before the ending.",
      completion: .file(extensions: ["png", "jpg", "jpeg"]))
    var output: String

    @Option(help: "How many pictures, each with its own seed.")
    var count = 1

    @Option(
      help: "Where to write embeddings, latents and images as tensors.", completion: .file(extensions: ["safetensors"]))
    var saveTensors: String?

    @Flag(help: "Write what there is so far beside the output, every few seconds.")
    var preview = false

    @Option(help: "Threads to compute with. Default: one for each processor core.")
    var threads: Int?

    func validate() throws {
      if count < 1 { throw ValidationError("--count must be at least 1; got \(count)") }
      if let threads, threads < 1 { throw ValidationError("--threads must be at least 1; got \(threads)") }
    }
  }

  func run() throws {
    Threads.count = output.threads ?? ProcessInfo.processInfo.activeProcessorCount
    let options = [model.values, picture.values, sources.values, tiling.values]
      .reduce(into: [:]) { $0.merge($1) { $1 } }
    let settings = try PictureSettings(
      options: options, repeating: from, ignoringUnknown: ignoreUnknown, note: { warn($0) })
    var series = PictureSeries(settings, output: output.output, count: output.count)
    (series.tensors, series.previews) = (output.saveTensors, output.preview)
    let line = ProgressLine()
    try series.draw(version: Lineup.configuration.version) { event in
      switch event {
      case .note(let text): warn(text)
      case .called(let number, let done, let total, let remaining):
        let title = output.count == 1 ? "" : "picture \(number) of \(output.count), "
        let estimate = remaining.map { ", about \(NumberText.duration($0)) to go" } ?? ""
        line.show("\(title)call \(done) of \(total)\(done == total ? ", decoding" : estimate)")
      case .drawn(let path, let seed, let calls, let seconds):
        line.clear()
        say("\(path): seed \(seed), \(calls) calls of the network in \(NumberText.duration(seconds))")
      }
    }
  }
}
