import LineupFormats
import LineupLearning
import LineupSupport
import LineupTensors

/// What a network is fed with in every repetition.
struct BenchmarkInputs: Sendable {
  /// Images `[batch, height, width, channels]`; for sampling, what it begins from: noise, latents, or codes
  /// `[batch, width]`.
  var sample: Tensor
  /// One a sample.
  var timesteps: [Float] = []
  /// The text's features, `[batch, tokens, width]`.
  var context: Tensor?
  /// A GAN's codes, `[batch, width]`.
  var noise: Tensor?
}

/// The inputs that a network takes, and how they are found or made.
struct InputShape {
  /// Images `[height, width, channels]`, where the size can be told; or codes `[width]`.
  var sample: [Int]?
  /// What says the size, for errors.
  var sizeSource = "the network"
  /// Why images of a height and width cannot be used, in a few words; nil where they can.
  var problem: (_ height: Int, _ width: Int) -> String? = { _, _ in nil }
  /// The channels of images that no size is known of.
  var channels: Int
  /// The number of timesteps that those made here are spread over, where the network takes one.
  var timesteps: Int?
  /// Whether the network knows whole timesteps below that number only.
  var timestepsAreBounded = false
  var contextWidth: Int?
  var noiseWidth: Int?

  /// The tokens of a text that no file gives, all zero.
  static let tokens = 16

  /// Inputs of a batch from a file, or made where there is none.
  func inputs(
    _ options: BenchmarkOptions, usualBatch: Int, random: RandomStream
  ) throws -> BenchmarkInputs {
    guard let path = options.inputsPath else {
      return try made(batch: options.batch ?? usualBatch, random: random)
    }
    return try InputReader(shape: self, file: SafetensorsFile(path: path), batch: options.batch).read(random: random)
  }

  private func made(batch: Int, random: RandomStream) throws -> BenchmarkInputs {
    guard let sample else {
      throw Fault.malformed(
        sizeSource, found: "no size of samples", expected: "one, or inputs from a file (--inputs)")
    }
    if sample.count == 3, let problem = problem(sample[0], sample[1]) {
      throw Fault.unfit(sizeSource, ["samples of \(sample[0])×\(sample[1]): \(problem)"])
    }
    var stream = random.split("sample")
    var inputs = BenchmarkInputs(sample: stream.normal([batch] + sample))
    complete(&inputs, random: random)
    return inputs
  }

  /// Makes what a file or a caller left out: timesteps spread over the schedule, a text of zeros, normal noise.
  func complete(_ inputs: inout BenchmarkInputs, random: RandomStream) {
    let batch = inputs.sample.shape[0]
    if let timesteps, inputs.timesteps.isEmpty {
      inputs.timesteps = (0..<batch).map { Float(max(1, (2 * $0 + 1) * timesteps / (2 * batch))) }
    }
    if let contextWidth, inputs.context == nil { inputs.context = .zeros([batch, Self.tokens, contextWidth]) }
    if let noiseWidth, inputs.noise == nil {
      var stream = random.split("noise")
      inputs.noise = stream.normal([batch, noiseWidth])
    }
  }
}

/// Reads a file of inputs, noting all that does not fit.
private struct InputReader {
  let shape: InputShape
  let file: SafetensorsFile
  let batch: Int?
  var problems: [String] = []

  init(shape: InputShape, file: SafetensorsFile, batch: Int?) {
    (self.shape, self.file, self.batch) = (shape, file, batch)
  }

  mutating func readAll(random: RandomStream) throws -> BenchmarkInputs {
    let known = ["sample", "timestep", "encoder_hidden_states", "noise"]
    for entry in file.entries where !known.contains(entry.name) {
      problems.append("\(entry.name): no such input; the inputs are \(known.joined(separator: ", "))")
    }
    let count = checkSample()
    let times = shape.timesteps == nil ? nil : file.entry("timestep")
    if let times, times.shape.reduce(1, *) != 1, times.shape != [count] {
      problems.append("timestep: found shape \(times.shape), expected [\(count)] or a single number")
    }
    if shape.timestepsAreBounded, let values = try? file.tensor("timestep").values,
      !values.allSatisfy({ $0 >= 0 && $0 < Float(shape.timesteps!) && $0 == $0.rounded() })
    {
      problems.append("timestep: expected whole numbers from 0 to \(shape.timesteps! - 1)")
    }
    if let width = shape.contextWidth, let entry = file.entry("encoder_hidden_states"),
      entry.shape.count != 3 || entry.shape[0] != count || entry.shape[2] != width
    {
      problems.append("encoder_hidden_states: found shape \(entry.shape), expected [\(count), tokens, \(width)]")
    }
    if let width = shape.noiseWidth, let entry = file.entry("noise"), entry.shape != [count, width] {
      problems.append("noise: found shape \(entry.shape), expected [\(count), \(width)]")
    }
    guard problems.isEmpty else { throw Fault.unfit(file.path, problems) }

    let sample = try file.tensor("sample")
    var inputs = BenchmarkInputs(sample: sample.rank == 4 ? sample.permuted([0, 2, 3, 1]) : sample)
    if times != nil {
      let values = try file.tensor("timestep").values
      inputs.timesteps = values.count == count ? values : .init(repeating: values[0], count: count)
    }
    if shape.contextWidth != nil, file.contains("encoder_hidden_states") {
      inputs.context = try file.tensor("encoder_hidden_states")
    }
    if shape.noiseWidth != nil, file.contains("noise") { inputs.noise = try file.tensor("noise") }
    shape.complete(&inputs, random: random)
    return inputs
  }

  func read(random: RandomStream) throws -> BenchmarkInputs {
    var reader = self
    return try reader.readAll(random: random)
  }

  /// Checks the main input and returns its number of samples.
  private mutating func checkSample() -> Int {
    let count = batch.map(String.init) ?? "batch"
    let isImage = shape.sample?.count != 1
    let expected =
      isImage ? "[\(count), \(shape.channels), height, width]" : "[\(count), \(shape.sample![0])]"
    guard let entry = file.entry("sample") else {
      problems.append("sample: missing, expected shape \(expected)")
      return batch ?? 1
    }
    let found = entry.shape
    let fits = found.count == (isImage ? 4 : 2) && found[1] == (isImage ? shape.channels : shape.sample![0])
    guard fits, found[0] > 0, batch == nil || batch == found[0] else {
      problems.append("sample: found shape \(found), expected \(expected)")
      return found.first ?? 1
    }
    if isImage, let problem = shape.problem(found[2], found[3]) {
      problems.append("sample: found shape \(found): \(problem)")
    }
    return found[0]
  }
}
