import ArgumentParser
import Experiments
import Foundation
import Kernels
import RunRecords

@main
struct LineupBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lineup-bench", abstract: "Measure how fast kernels and training steps are on this machine.",
    discussion: """
      Medians over repetitions on one thread. Operations are counted as the direct algorithm needs them, so a clever one \
      can be faster than the processor's peak. Leave the machine alone meanwhile: anything beside it shows.
      """)

  @Option(help: "Seconds to repeat each kernel for.")
  var seconds = 0.2

  @Option(help: "Training steps of each family to take the median of.")
  var steps = 10

  @Option(help: "The experiment file whose arms are timed.", completion: .file(extensions: ["json"]))
  var experiment = "experiments/gan-vs-diffusion.json"

  @Option(help: "Its profile.")
  var profile = "quick"

  @Option(help: "Threads to compute with; a study's workers have one each.")
  var threads = 1

  @Flag(help: "Leave the families out.")
  var kernelsOnly = false

  @Flag(help: "Print as JSON.")
  var json = false

  func validate() throws {
    if !(seconds > 0) { throw ValidationError("--seconds must be above 0; got \(seconds)") }
    if steps < 1 { throw ValidationError("--steps must be at least 1; got \(steps)") }
    if threads < 1 { throw ValidationError("--threads must be at least 1; got \(threads)") }
  }

  func run() throws {
    try Engine.prepare()
    Threads.count = threads
    let machine = Machine(threads: threads)
    if !json { print(machine.text) }
    var measured: [Measurement] = []
    func report(_ measurement: Measurement) {
      if !json {
        if measured.last?.group != measurement.group { print("\n\(measurement.group)") }
        print(measurement.line)
      }
      measured.append(measurement)
    }
    KernelBenchmarks.run(Stopwatch(secondsEach: seconds), report: report)
    if !kernelsOnly {
      try FamilyBenchmarks.run(file: experiment, profile: profile, steps: steps, report: report)
    }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      print(String(decoding: try encoder.encode(Outcome(machine: machine, measurements: measured)), as: UTF8.self))
    }
  }
}

extension Measurement {
  var line: String {
    let work = "  " + work + String(repeating: " ", count: max(1, 50 - work.count))
    return work + String(format: "%10.3f ms  %9.1f ", milliseconds, rate) + unit
  }
}

/// What the figures hold for.
struct Machine: Codable {
  var processor: String
  var cores: Int
  var threads: Int
  var instructions: String
  var compiler: String

  init(threads: Int) {
    let provenance = Provenance.gather(blasCore: MatrixLibrary.coreName, threads: threads)
    processor = provenance["cpu"] ?? "unknown"
    cores = ProcessInfo.processInfo.activeProcessorCount
    self.threads = threads
    instructions = MatrixLibrary.instructionSet
    compiler = provenance["compiler"] ?? "unknown"
  }

  var text: String {
    "\(processor), \(cores) cores, \(instructions), \(threads) thread\(threads == 1 ? "" : "s"), \(compiler)"
  }
}

private struct Outcome: Codable {
  var machine: Machine
  var measurements: [Measurement]
}
