/// What a trial takes of its machine while others run beside it. These differ from run to run.
extension Metric {
  private static let beside = "Other workers slow it down: as many as `jobs` says ran at once."

  /// Seconds on the wall.
  package static let wallSeconds = cost(
    "wall_seconds", title: "seconds on the wall", unit: "s", meaning: "Seconds on the wall, interruptions left out.",
    traps: beside, style: .seconds
  ) { Reading($0.wallSeconds) }

  /// Seconds on all cores.
  package static let coreSeconds = cost(
    "core_seconds", title: "seconds on all cores", head: "core time", unit: "s", meaning: "Seconds on all cores.",
    traps: beside, shownIn: .table, style: .seconds
  ) { Reading($0.coreSeconds) }

  /// Seconds of a training step.
  package static let medianStepSeconds = cost(
    "median_step_seconds", title: "seconds of a training step", head: "time a step", unit: "s",
    meaning: "Median seconds of the last 200 training steps.", traps: beside, style: .seconds
  ) { Reading($0.medianStepSeconds, note: "beside \($0.jobs - 1) other workers") }

  /// The largest resident memory.
  package static let peakResidentBytes = cost(
    "peak_resident_bytes", title: "peak of resident memory", head: "memory, peak", unit: "bytes",
    meaning: "The worker's largest resident memory after set-up, evaluations included.", shownIn: .table, style: .bytes
  ) { Reading(Double($0.peakResidentBytes)) }

  /// The largest memory of tensors.
  package static let peakPoolBytes = cost(
    "peak_pool_bytes", title: "peak of the tensor pool", unit: "bytes",
    meaning: "The largest memory of the worker's tensors after set-up.", style: .bytes
  ) { Reading(Double($0.peakPoolBytes)) }

  /// Workers that ran at once.
  package static let jobs = cost(
    "jobs", title: "workers at once", meaning: "Workers that ran at once, this one included."
  ) { Reading(Double($0.jobs)) }

  /// Final samples drawn in a second.
  package static let samplesPerSecond = cost(
    "samples_per_second", title: "samples a second", head: "samples/s", axis: "samples per second, one thread",
    unit: "1/s",
    direction: .higher, meaning: "Final samples drawn in a second.", traps: beside
  ) { $0.samplesPerSecond.map { Reading($0) } }

  private static func cost(
    _ name: String, title: String, head: String? = nil, axis: String? = nil, unit: String = "1",
    direction: Direction = .neither, meaning: String, traps: String = "", shownIn places: Places = [],
    style: NumberStyle = .plain, _ measure: @escaping @Sendable (TrialCost) -> Reading?
  ) -> Metric {
    Metric(
      name, title: title, head: head, axis: axis, unit: unit, direction: direction, section: .cost, meaning: meaning,
      traps: traps, shownIn: places, style: style, method: .cost(measure))
  }
}
