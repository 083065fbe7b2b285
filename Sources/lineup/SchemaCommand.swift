import ArgumentParser
import LineupMeasurements
import LineupReports
import LineupStudies

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the format of experiment files.",
    discussion: """
      Prints the JSON Schema (draft 2020-12) that editors use to check and complete experiment files. It is \
      kept as experiments/schema.json; a file refers to it with "$schema": "schema.json".
      """)

  @Flag(help: "Print the reference page (Markdown), which is kept as docs/experiment-file.md, instead.")
  var reference = false

  @Flag(help: "Print the page on metrics (Markdown), which is kept as docs/metrics.md, instead.")
  var metrics = false

  func run() {
    let text =
      metrics
      ? MetricsPage.text() : reference ? ExperimentFileFormat.referencePage : ExperimentFileFormat.jsonSchema
    say(text, terminator: "")
  }
}
