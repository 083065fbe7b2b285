import ArgumentParser
import Foundation
import LineupReports
import LineupStrictJSON
import LineupStudies
import LineupSupport

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Say where every trial of a study stands.")

  @Argument(help: "The study's folder, RESULTS/NAME/PROFILE.")
  var folder: String

  @Flag(help: "Print the state as JSON.")
  var json = false

  func run() throws {
    let status = StudyStatus(try Study(opening: folder))
    say(json ? jsonText(status) : status.text)
  }
}

struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Show where a study stands, again and again, until every trial has an outcome.")

  @Argument(help: "The study's folder, RESULTS/NAME/PROFILE.")
  var folder: String

  @Option(help: "Seconds between two looks.")
  var interval = 2.0

  func validate() throws {
    if !(0.1...3600).contains(interval) {
      throw ValidationError("--interval must be from 0.1 to 3600 seconds; got \(interval)")
    }
  }

  func run() throws {
    let study = try Study(opening: folder)
    while true {
      let status = StudyStatus(study)
      if Terminal.showsOutput { Terminal.clearScreen() }
      say("\(status.study)  \(Clock.timeOfDay)\n\(status.text)")
      try StandardOutput.check()
      if status.isDone { return }
      Thread.sleep(forTimeInterval: interval)
    }
  }
}

/// A value as indented JSON with sorted keys; numbers that are not finite become text.
func jsonText(_ value: some Encodable) -> String {
  String(JSONValue(encoding: value).sorted.indentedText.dropLast())
}
