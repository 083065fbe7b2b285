import ArgumentParser

@main
struct Lineup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lineup", abstract: "Compare generative models under one roof, with statistics.")
}
