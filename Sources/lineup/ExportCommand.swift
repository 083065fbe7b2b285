import ArgumentParser
import LineupReports
import LineupStudies

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a trial's samples, series or weights in other formats.",
    discussion: """
      png: every final sample as a picture. npz: all final samples as one array arr_0 of unsigned bytes \
      [count, height, width, channels], as FID evaluators read them. csv: the training and evaluation series. \
      safetensors: the weights of the newest checkpoint. diffusers: the model of a latent diffusion trial, with averaged \
      weights, as a folder that StableDiffusionPipeline.from_pretrained opens.
      """)

  @Argument(help: "The trial's folder, RESULTS/NAME/PROFILE/runs/ARM/seed-N.")
  var trial: String

  @Option(help: "png, npz, csv, safetensors or diffusers.")
  var format: ExportFormat

  @Option(help: "The folder to write to; made if it is not there.")
  var out: String

  func run() throws {
    try ForeignRuns.examine([TrialFolder(path: trial).run])
    let paths = try TrialExport(trial: trial, to: out, report: { warn($0) }).write(format)
    say(paths.count == 1 ? paths[0] : "\(paths.count) files in \(out)")
  }
}

extension ExportFormat: ExpressibleByArgument {}
