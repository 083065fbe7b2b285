import Foundation
import LineupBenchmarking
import LineupFormats
import LineupLearning
import LineupNetworks
import LineupSupport
import LineupTensors
import LineupTestSupport
import Testing

@Suite struct BenchmarkTests {
  private func options(_ work: BenchmarkOptions.Work, _ model: BuiltInModel) -> BenchmarkOptions {
    var options = BenchmarkOptions(work: work, subject: .builtIn(model))
    (options.batch, options.repetitions) = (2, 1)
    return options
  }

  /// Each network trains and samples, and the dump has what was promised.
  @Test(arguments: BuiltInModel.allCases)
  func everyNetworkIsMeasured(model: BuiltInModel) throws {
    let (steps, samples) = (TemporaryFile("step.safetensors"), TemporaryFile("sample.safetensors"))
    let weights = TemporaryFile("weights.safetensors")
    var step = options(.step, model)
    (step.dumpPath, step.savedWeightsPath, step.repetitions) = (steps.path, weights.path, 2)
    let report = try Benchmark(step).run()
    #expect(report.model == model.rawValue && report.batch == 2 && report.gflop > 0 && report.peakRSSBytes > 0)
    let (dump, saved) = try (SafetensorsFile(path: steps.path), SafetensorsFile(path: weights.path))
    #expect(dump.entry("loss")?.shape == [2] && dump.contains("output"))
    // Running statistics have no gradients.
    let trained = saved.entries.filter { !$0.name.contains("running_") }
    for entry in trained { #expect(dump.entry("grad." + entry.name)?.shape == entry.shape, "\(entry.name)") }
    #expect(dump.entries.count { $0.name.hasPrefix("grad.") } == trained.count)

    // The saved weights are read again, and give the same first loss.
    step.weightsPath = weights.path
    _ = try Benchmark(step).run()
    #expect(try SafetensorsFile(path: steps.path).tensor("loss").values == dump.tensor("loss").values)

    var sample = options(.sample, model)
    sample.dumpPath = samples.path
    _ = try Benchmark(sample).run()
    let output = try SafetensorsFile(path: samples.path).tensor("output")
    #expect(output.shape == dump.entry("output")?.shape && output.isFinite)
  }

  @Test func theSeedStudysNetworkHasItsSize() throws {
    let weights = TemporaryFile("weights.safetensors")
    var step = options(.step, .seedUNet)
    step.savedWeightsPath = weights.path
    _ = try Benchmark(step).run()
    let entries = try SafetensorsFile(path: weights.path).entries
    #expect(entries.reduce(0) { $0 + $1.shape.reduce(1, *) } == 2_020_257)
  }

  @Test func theReportsKeysAreFixed() throws {
    let json = try Benchmark(options(.step, .dcgan)).run().json
    let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    #expect(
      Set((object ?? [:]).keys) == [
        "model", "batch", "threads", "median_seconds", "minimum_seconds", "gflop", "gbyte", "peak_rss_bytes",
        "sgemm_gflops", "copy_gbytes",
      ])
  }

  @Test func unfitInputsAreListedTogether() throws {
    let inputs = TemporaryFile("inputs.safetensors")
    var writer = SafetensorsWriter()
    writer.add("sample", .zeros([3, 2, 7, 5]))
    writer.add("timestep", .zeros([2]))
    writer.add("encoder_hidden_states", .zeros([3, 4, 6]))
    writer.add("mask", .zeros([1]))
    try writer.write(to: inputs.path)
    var step = BenchmarkOptions.golden("unet2d-condition")
    step.inputsPath = inputs.path
    do {
      _ = try Benchmark(step).run()
      Issue.record("inputs that do not fit were accepted")
    } catch let fault as Fault {
      #expect(fault.file == inputs.path)
      #expect(fault.problems.map { String($0.prefix { $0 != ":" }) } == ["mask", "timestep", "encoder_hidden_states"])
    }
  }

  @Test func sizesThatDoNotComeBackAreRefused() throws {
    let inputs = TemporaryFile("inputs.safetensors")
    var writer = SafetensorsWriter()
    writer.add("sample", .zeros([1, 2, 7, 8]))
    try writer.write(to: inputs.path)
    for name in ["unet2d", "autoencoder-kl"] {
      var step = BenchmarkOptions.golden(name)
      step.inputsPath = inputs.path
      #expect(throws: Fault.self) { _ = try Benchmark(step).run() }
    }
  }

  /// A conditional network without a level that reads a text takes one of any width, or none.
  @Test func aTextThatNobodyReadsDoesNotMatter() throws {
    let config = TemporaryFile(
      "config.json",
      """
      {
        "_class_name": "UNet2DConditionModel", "block_out_channels": [4], "norm_num_groups": 2, "layers_per_block": 1,
        "down_block_types": ["DownBlock2D"], "up_block_types": ["AttnUpBlock2D"], "mid_block_type": "UNetMidBlock2D",
        "attention_head_dim": 2, "sample_size": [4, 6]
      }
      """)
    let inputs = TemporaryFile("inputs.safetensors")
    var writer = SafetensorsWriter()
    writer.add("sample", .zeros([3, 4, 4, 6]))
    writer.add("encoder_hidden_states", .zeros([3, 4, 7]))
    try writer.write(to: inputs.path)
    var step = BenchmarkOptions(work: .step, subject: .configuration(path: config.path))
    step.repetitions = 1
    #expect(try Benchmark(step).run().batch == 64)
    step.inputsPath = inputs.path
    #expect(try Benchmark(step).run().batch == 3)
  }

  @Test func weightsOfAnotherNetworkAreListed() throws {
    var step = BenchmarkOptions.golden("unet2d")
    step.weightsPath = Fixtures.path("autoencoder-kl-weights.safetensors")
    #expect(throws: Fault.self) { _ = try Benchmark(step).run() }
  }
}
