import Foundation
import LineupDiffusion
import LineupFormats
import LineupImagine
import LineupTensors

/// What `make_scheduler_goldens.py` wrote of diffusers' schedulers.
struct SchedulerGoldens: Decodable {
  /// One trajectory: what is read, what is chosen, and what diffusers made of it.
  struct Trajectory: Decodable, CustomStringConvertible {
    /// The keys of the scheduler's file, as they stood there.
    let file: Settings
    let name: String?
    let steps: Int
    let karras: Bool?
    let spacing: String?
    /// The step that the trajectory begins with.
    let begin: Int?
    let eta: Double?
    let timesteps: [Float]
    /// Samples of shape (2, 4, 2, 2), channels first, after half of the calls and after the last.
    let middle: [Float]
    let final: [Float]
    /// The first of 16 numbers that the generator draws afterwards.
    let next: Float

    var description: String {
      "\(file.text) as \(name ?? "itself"), steps \(steps), karras \(String(describing: karras)), "
        + "spacing \(spacing ?? "-"), begin \(begin ?? 0), eta \(eta ?? 0)"
    }
  }

  /// A JSON object kept as it is.
  struct Settings: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      let value = try Value(from: decoder)
      let data = try JSONSerialization.data(withJSONObject: value.plain, options: [.sortedKeys])
      text = String(decoding: data, as: UTF8.self)
    }

    private struct Value: Decodable {
      let plain: Any

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
          plain = NSNull()
        } else if let flag = try? container.decode(Bool.self) {
          plain = flag
        } else if let whole = try? container.decode(Int.self) {
          plain = whole
        } else if let number = try? container.decode(Double.self) {
          plain = number
        } else if let text = try? container.decode(String.self) {
          plain = text
        } else if let list = try? container.decode([Value].self) {
          plain = list.map(\.plain)
        } else {
          plain = try container.decode([String: Value].self).mapValues(\.plain)
        }
      }
    }
  }

  let trajectories: [Trajectory]

  static func load(_ path: String? = nil) throws -> SchedulerGoldens {
    let path = path ?? Bundle.module.path(forResource: "scheduler-goldens", ofType: "json", inDirectory: "Fixtures")!
    return try JSONDecoder().decode(SchedulerGoldens.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }
}

extension SchedulerGoldens.Trajectory {
  /// What Lineup makes of the same: all timesteps, the two samples channels first, and the generator's next number.
  func reproduced() throws -> (timesteps: [Float], middle: [Float], final: [Float], next: Float) {
    let configuration = try SchedulerConfiguration(parsing: Array(file.text.utf8), path: "scheduler_config.json")
    var sampler = try configuration.sampler(
      named: name.flatMap(SamplerRule.init(rawValue:)), steps: steps, karras: karras,
      spacing: spacing.flatMap(TimestepSpacing.init(rawValue:)), eta: eta ?? 0)
    var generator = TorchGenerator(.torchCPU, seed: 7)
    let noise = { generator.imageNoise(batch: 2, height: 2, width: 2, channels: 4) }
    let first = (begin ?? 0) * sampler.callsPerStep
    var sample = noise()
    if first > 0 {
      let ramp = Tensor((0..<32).map { -1 + 2 * Float($0) / 31 }, shape: [2, 4, 2, 2]).permuted([0, 2, 3, 1])
      sample = sampler.noised(ramp, noise: sample, call: first)
    } else {
      sample = sample * sampler.initialDeviation
    }
    var middle = sample
    let calls = first..<sampler.timesteps.count
    for call in calls {
      let input = sampler.networkInput(sample, call: call)
      let output = tanh(input * 0.7 + sampler.timesteps[call] / 1000)
      sample = sampler.step(output, from: sample, call: call, noise: noise)
      if call + 1 - first == calls.count / 2 { middle = sample }
    }
    let channelsFirst = { (tensor: Tensor) in tensor.permuted([0, 3, 1, 2]).values }
    return (sampler.timesteps, channelsFirst(middle), channelsFirst(sample), generator.normal([16]).values[0])
  }

  /// The largest error over the largest magnitude, of the two samples.
  func error(_ made: (timesteps: [Float], middle: [Float], final: [Float], next: Float)) -> Float {
    max(relativeError(made.middle, middle), relativeError(made.final, final))
  }

  private func relativeError(_ values: [Float], _ expected: [Float]) -> Float {
    let difference = zip(values, expected).map { ($0 - $1).magnitude }
    guard difference.allSatisfy(\.isFinite) else { return .infinity }
    return difference.max()! / expected.map(\.magnitude).max()!
  }
}
