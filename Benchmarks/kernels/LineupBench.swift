import ArgumentParser
import Foundation
import LineupKernels
import LineupReports
import LineupRunRecords
import LineupStrictJSON
import LineupStudies

@main
struct LineupBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lineup-bench", abstract: "Measure how fast single operations are on this machine.",
    discussion: """
      Medians over repetitions, at the shapes of a table that PyTorch is measured at too (`make bench` does both, in \
      turns). With --experiment, training steps and sampling of the arms of an experiment file instead. Leave the machine \
      alone meanwhile: anything beside it shows.
      """)

  @Option(help: "The table of shapes.", completion: .file(extensions: ["json"]))
  var shapes = "Benchmarks/configurations/kernels.json"

  @Option(help: "Seconds to repeat each operation for.")
  var seconds = 0.2

  @Option(help: "Threads to compute with; a study's workers have one each.")
  var threads = 1

  @Option(help: "An experiment file, to time its arms.", completion: .file(extensions: ["json"]))
  var experiment: String?

  @Option(help: "Its profile.")
  var profile = "quick"

  @Option(help: "Training steps of each arm to take the median of.")
  var steps = 10

  @Flag(help: "Print as JSON.")
  var json = false

  func validate() throws {
    if !(seconds > 0) { throw ValidationError("--seconds must be above 0; got \(seconds)") }
    if steps < 1 { throw ValidationError("--steps must be at least 1; got \(steps)") }
    if threads < 1 { throw ValidationError("--threads must be at least 1; got \(threads)") }
  }

  func run() throws {
    try Engine.prepare(outOfMemory: .error)
    Threads.count = threads
    let machine = Machine(threads: threads)
    if !json { print(machine.text) }
    if let experiment {
      try arms(of: experiment, on: machine)
    } else {
      try operations(on: machine)
    }
  }

  private func operations(on machine: Machine) throws {
    let benchmarks = KernelBenchmarks(stopwatch: Stopwatch(secondsEach: seconds))
    var rows = try KernelShape.table(path: shapes)
    for index in rows.indices {
      let measured = try benchmarks.seconds(rows[index])
      rows[index].seconds = measured
      if !json { print(rows[index].line(measured)) }
    }
    if json { try printJSON(OperationsOutcome(machine: machine, rows: rows)) }
  }

  private func arms(of experiment: String, on machine: Machine) throws {
    var measured: [Measurement] = []
    try FamilyBenchmarks.run(file: experiment, profile: profile, steps: steps) { measurement in
      if !json {
        if measured.last?.group != measurement.group { print("\n\(measurement.group)") }
        print(measurement.line)
      }
      measured.append(measurement)
    }
    if json { try printJSON(ArmsOutcome(machine: machine, measurements: measured)) }
  }

  private func printJSON(_ outcome: some Encodable) throws {
    print(JSONValue(encoding: outcome).sorted.indentedText, terminator: "")
  }
}

extension KernelShape {
  /// The row with its times, to read.
  func line(_ seconds: [String: Double]) -> String {
    let numbers: [(String, Int?)] = [
      ("m", m), ("n", n), ("k", k), ("batch", batch), ("side", side), ("inputs", inputs), ("outputs", outputs),
      ("kernel", kernel), ("stride", stride), ("channels", channels), ("groups", groups), ("heads", heads),
      ("head width", headWidth), ("count", count),
    ]
    let shape = numbers.compactMap { name, value in value.map { "\(name) \($0)" } }.joined(separator: ", ")
    let times = seconds.sorted { $0.key < $1.key }.map { String(format: "%@ %.3f ms", $0.key, $0.value * 1e3) }
    return "\(kind.rawValue): \(shape)\n  " + times.joined(separator: ", ")
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

private struct OperationsOutcome: Codable {
  var machine: Machine
  var rows: [KernelShape]
}

private struct ArmsOutcome: Codable {
  var machine: Machine
  var measurements: [Measurement]
}
