/// A metric: everything that is known of one figure, in one value.
///
/// Records, tables, figures, the guide, the terminal, LaTeX and `docs/metrics.md` all read it here. A new metric is a
/// file like those beside this one and a line in `Metric.all`.
///
/// In its words `{space}` stands for the name of its feature space, which follows the number of principal components.
package struct Metric: Sendable {
  /// Which values are good ones.
  package enum Direction: Sendable, Hashable {
    case higher
    case lower
    /// Being like real images is best; the number that they have, where it is always the same.
    case near(Double?)
    /// It is a fact and no merit.
    case neither
  }

  /// Where a metric is shown beside "every figure", in which all are.
  package struct Places: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// The main table of the page and of LaTeX; of costs, the table of costs.
    package static let table = Places(rawValue: 1)
    /// The explanations below the table.
    package static let guide = Places(rawValue: 2)
    /// A curve over training.
    package static let curve = Places(rawValue: 4)
    /// The few columns at the end of a run.
    package static let terminal = Places(rawValue: 8)
    package static let everywhere: Places = [.table, .guide, .curve, .terminal]
  }

  /// How its numbers are written for people.
  package enum NumberStyle: Sendable {
    case plain, large, scientific, seconds, bytes
  }

  /// What it is measured on, and how.
  package enum Method: Sendable {
    /// On a set of images beside real ones.
    case images(@Sendable (ImageEvidence) -> Reading)
    /// On points beside the mixture that they should come from.
    case points(@Sendable (MixtureModes) -> Double)
    /// On held-out images and what an encoder and its decoder make of them.
    case reconstruction(@Sendable (ReconstructionScores) -> Double)
    /// On what training a trial took, whatever the machine.
    case effort(@Sendable (TrialEffort) -> Int)
    /// On what a trial took of its machine, with others beside it; nil where it was not taken.
    case cost(@Sendable (TrialCost) -> Reading?)
    /// On the pass in which nothing else runs; nil where the arm has no such thing.
    case timing(@Sendable (ArmTiming) -> Double?)
  }

  private let template: (name: String, title: String, head: String, axis: String, meaning: String, traps: String)
  /// The unit; "1" for pure numbers.
  package let unit: String
  package let direction: Direction
  /// The chapter that it is read in.
  package let section: MetricSection
  /// The feature space it is measured in; nil where there is none.
  package private(set) var space: FeatureSpace?
  /// What has to be there for it; without, it is not a number.
  package let needs: [Need]
  /// Whether its level changes with the number of samples, so that only equal numbers compare.
  package let dependsOnCount: Bool
  package let places: Places
  package let style: NumberStyle
  /// What tells nearly the same where this one was not measured, best first.
  package let substitutes: [Metric]
  package let method: Method

  /// - Parameters:
  ///   - name: what files call it.
  ///   - title: what it is, in a few words that can stand in a sentence.
  ///   - head: the head of its column; its name by default.
  ///   - axis: the label of its axis in figures; its head by default.
  ///   - meaning: what it says, in sentences.
  ///   - traps: how it can mislead, in sentences; empty for nothing known.
  package init(
    _ name: String, title: String, head: String? = nil, axis: String? = nil, unit: String = "1",
    direction: Direction, section: MetricSection, space: FeatureSpace? = nil, needs: [Need] = [],
    dependsOnCount: Bool = false, meaning: String, traps: String = "", shownIn places: Places = .everywhere,
    style: NumberStyle = .plain, substitutes: [Metric] = [], method: Method
  ) {
    template = (name, title, head ?? name, axis ?? head ?? name, meaning, traps)
    self.unit = unit
    self.direction = direction
    self.section = section
    self.space = space
    self.needs = needs
    self.dependsOnCount = dependsOnCount
    self.places = places
    self.style = style
    self.substitutes = substitutes
    self.method = method
  }

  /// What files call it.
  package var name: String { written(template.name) }
  /// What it is, in a few words.
  package var title: String { written(template.title) }
  /// The head of its column.
  package var head: String { written(template.head) }
  /// The label of its axis.
  package var axis: String { written(template.axis) }
  /// What it says, in sentences.
  package var meaning: String { written(template.meaning) }
  /// How it can mislead, in sentences; empty for nothing known.
  package var traps: String { written(template.traps) }

  private func written(_ text: String) -> String {
    guard let space, text.contains("{") else { return text }
    return text.replacing("{space}", with: space.name)
  }

  /// The same metric where the space of principal components has so many of them.
  package func measured(onComponents count: Int) -> Metric {
    guard case .components = space else { return self }
    var metric = self
    metric.space = .components(count)
    return metric
  }
}

extension Metric.Direction {
  /// `↑`, `↓`, `→ 1`, `→ real`, or nothing; never broken between lines.
  package var arrow: String {
    switch self {
    case .higher: "↑"
    case .lower: "↓"
    case .near(let value): "→\u{A0}" + (value.map(Self.number) ?? "real")
    case .neither: ""
    }
  }

  /// A clause for captions, such as `lower is better`; empty for none.
  package var words: String {
    switch self {
    case .higher: "higher is better"
    case .lower: "lower is better"
    case .near(let value): value.map { "\(Self.number($0)) is like real images" } ?? ""
    case .neither: ""
    }
  }

  /// True or false where one direction is better.
  package var higherIsBetter: Bool? {
    switch self {
    case .higher: true
    case .lower: false
    case .near, .neither: nil
    }
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() ? "\(Int(value))" : "\(value)"
  }
}
