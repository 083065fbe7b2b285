import LineupKernels
import LineupTensors

/// The losses of one training step, by name, in the order in which they were said.
///
/// A loss that was not computed is said to be absent, and one that is not finite has diverged: the two are never
/// mistaken for one another, and neither for a number.
public struct Losses: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  /// What became of one loss in one step.
  public enum Value: Sendable, Equatable {
    /// Not computed in this step.
    case absent
    /// A number.
    case finite(Double)
    /// Computed, and no finite number.
    case diverged

    /// A number, judged; `nil` is absent.
    public init(_ value: Double?) { self = value.map { $0.isFinite ? .finite($0) : .diverged } ?? .absent }

    /// A loss of shape `[]`, judged; `nil` is absent.
    public init(_ loss: Tensor?) { self.init(loss.map { Double($0.scalar) }) }

    /// The number where there is a finite one.
    public var number: Double? { if case .finite(let number) = self { number } else { nil } }

    /// The number as series keep it: NaN where it is absent, infinity where it diverged.
    package var recorded: Double {
      switch self {
      case .absent: .nan
      case .finite(let number): number
      case .diverged: .infinity
      }
    }
  }

  /// The names, each once.
  public private(set) var names: [String] = []
  private var values: [String: Value] = [:]

  /// Losses by name; a name said twice is a mistake of the caller.
  public init(dictionaryLiteral elements: (String, Value)...) {
    for (name, value) in elements { self[name] = value }
    require(names.count == elements.count, "a loss is reported twice: \(elements.map(\.0))")
  }

  /// The same names, none of them computed.
  public init(absent names: [String]) {
    for name in names { self[name] = .absent }
  }

  /// What was said of a loss; `nil` where nothing was. Nothing cannot be said again once something was.
  public subscript(name: String) -> Value? {
    get { values[name] }
    set {
      if values[name] == nil { names.append(name) }
      values[name] = newValue ?? .absent
    }
  }

  /// A loss's number; `nil` where it is absent, diverged or was not reported.
  public func number(_ name: String) -> Double? { values[name]?.number }

  /// These losses and others; names must differ.
  public func and(_ others: Losses) -> Losses {
    var all = self
    for name in others.names {
      require(values[name] == nil, "the loss \(name) is reported twice")
      all[name] = others[name]
    }
    return all
  }

  /// Whether no loss diverged.
  public var isFinite: Bool { !values.values.contains(.diverged) }
}
