import ArgumentParser
import Foundation
import LineupDatasets
import LineupDiffusion
import LineupFormats
import LineupImagine
import LineupKernels
import LineupStudies

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

  @OptionGroup(title: "Model") var model: ImagineModelOptions
  @OptionGroup(title: "Picture") var picture: ImaginePictureOptions
  @OptionGroup(title: "Other pictures") var sources: ImagineSourceOptions
  @OptionGroup(title: "Output") var output: ImagineOutputOptions

  func validate() throws {
    try picture.validateNumbers()
    try sources.validateNumbers()
    if output.count < 1 { throw ValidationError("--count must be at least 1; got \(output.count)") }
    if let threads = output.threads, threads < 1 {
      throw ValidationError("--threads must be at least 1; got \(threads)")
    }
    if sources.from == nil {
      if model.model == nil { throw ValidationError("give the checkpoint: --model FOLDER or --model FILE.safetensors") }
      if picture.prompt == nil { throw ValidationError("give a --prompt; an empty one is \"\"") }
    }
  }

  func run() throws {
    Threads.count = output.threads ?? ProcessInfo.processInfo.activeProcessorCount
    var record = try settings()
    let model = try LoadedModel(record).model
    let session = try DrawingSession(model, try ImagineInputs(record, model).request())
    session.notes.forEach(warn)
    record.scheduler = session.schedulerName
    (record.width, record.height) = (session.size.width, session.size.height)
    record.version = Lineup.configuration.version

    var drawn: [DrawnPicture] = []
    for index in 0..<output.count {
      if index > 0 { record.seed &+= 1 }
      let path = output.path(of: index)
      let progress = ImagineProgress(
        title: output.count == 1 ? "" : "picture \(index + 1) of \(output.count), ", session: session,
        previewPath: output.preview ? output.previewPath(of: path) : nil)
      let result = try session.draw(seed: record.seed) { try progress.show($0) }
      try Picture(unit: result.image).writePNG(to: path, notes: record.pngNotes)
      print("\(path): seed \(record.seed), \(progress.finished())")
      if output.saveTensors != nil { drawn.append(result) }
    }
    if let path = output.saveTensors { try session.writeTensors(of: drawn, to: path) }
  }

  /// The settings of a picture that is to be repeated, or the usual ones, with what the command line changes.
  private func settings() throws -> PictureRecord {
    var record = PictureRecord(seed: .random(in: 0...UInt64(UInt32.max)))
    if let path = sources.from {
      record = try PictureRecord(pngNotes: Picture.notes(inPNGFile: path), path: path)
    }
    try model.apply(to: &record)
    picture.apply(to: &record)
    sources.apply(to: &record)
    record.tiled = record.tiled || output.tile
    try sources.checkCombination(in: record)
    return record
  }
}
