import LineupFormats
import LineupKernels
import LineupLearning
import LineupNetworks
import LineupSupport

/// Repeats the work of one network on fixed inputs and reports time, work and memory.
package struct Benchmark {
  let options: BenchmarkOptions

  package init(_ options: BenchmarkOptions) { self.options = options }

  /// Runs the measurement and writes the files that were asked for.
  ///
  /// - Throws: `DiffusersConfigurationError` or `Fault` where a file does not fit.
  package func run() throws -> BenchmarkReport {
    Threads.count = options.threads
    var subject = try Subject(options)
    return try measure(&subject.workload, name: subject.name)
  }

  /// Works in place: a second holder of the weights would make the optimizer copy them.
  private func measure(_ workload: inout some Workload, name: String) throws -> BenchmarkReport {
    if let path = options.weightsPath {
      let file = try SafetensorsFile(path: path)
      try workload.names.load(into: &workload.network, from: file) { $0.hasSuffix("num_batches_tracked") }
    }
    if let path = options.savedWeightsPath {
      var writer = SafetensorsWriter()
      for tensor in workload.names.exported(workload.network) { writer.add(tensor.name, tensor.value) }
      try writer.write(to: path)
    }
    var dump = options.dumpPath.map { _ in BenchmarkDump() }
    var seconds: [Double] = []
    var (flops, bytes) = (0, 0)
    for repetition in 0..<options.repetitions {
      let (start, before, bytesBefore) = (Clock.seconds, ExecutedWork.flops, ExecutedWork.bytes)
      switch options.work {
      case .step:
        let details = workload.step(recordsDetails: dump != nil && repetition == 0)
        seconds.append(Clock.seconds - start)
        dump?.add(details, names: workload.names)
      case .sample:
        let samples = workload.sample()
        seconds.append(Clock.seconds - start)
        if repetition == 0 { dump?.add(output: samples) }
      }
      (flops, bytes) = (ExecutedWork.flops - before, ExecutedWork.bytes - bytesBefore)
    }
    let peak = ProcessUsage.peakResidentBytes
    if let path = options.dumpPath { try dump?.write(to: path) }
    let counted = (seconds.count > 1 ? Array(seconds.dropFirst()) : seconds).sorted()
    return BenchmarkReport(
      model: name, batch: workload.batch, threads: options.threads,
      medianSeconds: (counted[(counted.count - 1) / 2] + counted[counted.count / 2]) / 2,
      minimumSeconds: counted[0], gflop: Double(flops) / 1e9, gigabytes: Double(bytes) / 1e9, peakRSSBytes: peak,
      sgemmGflops: Machine.matrixGigaflopsPerSecond(), copyGigabytes: Machine.copyGigabytesPerSecond())
  }
}
