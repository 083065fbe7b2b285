import ArgumentParser
import LineupStudies

struct TrainFeaturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train-features",
    abstract: "Train a data set's two small classifiers: one that measures, one for perceptual losses.",
    discussion: """
      The weights that come with the program were made by this command and lie in Sources/FeatureNetworks/Resources. \
      The classifier that measures never enters a loss; the other one never measures.
      """)

  @Argument(help: "The data set's name, as `lineup data list` has it.")
  var dataset: String

  @Option(help: "Passes over the training images.")
  var epochs = 13

  @Option(help: "The folder to write weights and records to; made if it is not there.")
  var out: String

  func validate() throws {
    if epochs < 1 { throw ValidationError("--epochs must be at least 1; got \(epochs)") }
  }

  func run() throws {
    for path in try FeatureTraining(dataset: dataset, epochs: epochs).run(to: out, report: { say($0) }) {
      say(path)
    }
  }
}
