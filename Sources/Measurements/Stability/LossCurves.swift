/// How restless a curve of losses is.
package struct LossOscillation: Sendable, Equatable {
  /// The standard deviation of the loss about its rolling median, over the median's size.
  package let relativeDeviation: Double
  /// The share of steps at which the loss's difference changes sign: 2/3 for white noise, 0 for a smooth descent.
  package let signChangeRate: Double

  /// Measures a series; the rolling window is 5 % of it. Values that are not finite are left out.
  package init(_ losses: [Double]) {
    let finite = losses.filter(\.isFinite)
    let window = max(3, finite.count / 20)
    let rolling = rollingMedian(finite, window: window)
    let centre = abs(median(finite))
    relativeDeviation = standardDeviation(zip(finite, rolling).map { $0 - $1 }) / centre
    let signs = zip(finite, finite.dropFirst()).map { $1 - $0 }.filter { $0 != 0 }
    let changes = zip(signs, signs.dropFirst()).count { ($0 > 0) != ($1 > 0) }
    signChangeRate = signs.count > 1 ? Double(changes) / Double(signs.count - 1) : 0
  }
}

/// How steady gradients are.
package struct GradientSteadiness: Sendable, Equatable {
  /// Standard deviation over mean of the finite norms.
  package let variation: Double
  /// The share of steps whose norm exceeds ten times the median of the steps just before, or is not finite.
  package let spikeShare: Double

  /// Measures a series of gradient norms; the window of past steps is 5 % of it.
  package init(_ norms: [Double]) {
    let finite = norms.filter(\.isFinite)
    variation = standardDeviation(finite) / mean(finite)
    let window = max(5, norms.count / 20)
    var past = SortedWindow()
    var spikes = 0
    for (step, norm) in norms.enumerated() {
      if !norm.isFinite || (past.count >= 5 && norm > 10 * past.median) { spikes += 1 }
      past.insert(norm.isFinite ? norm : .greatestFiniteMagnitude)
      if step >= window { past.remove(norms[step - window].isFinite ? norms[step - window] : .greatestFiniteMagnitude) }
    }
    spikeShare = norms.isEmpty ? 0 : Double(spikes) / Double(norms.count)
  }
}

/// How far a discriminator has won or given up, from its accuracy on held-out real and generated images.
package struct DiscriminatorSaturation: Sendable, Equatable {
  /// The share of the last quarter's evaluations with an accuracy above 0.95.
  package let saturated: Double
  /// The share of the last quarter's evaluations with an accuracy below 0.55.
  package let collapsed: Double

  package init(accuracies: [Double]) {
    let last = accuracies.suffix(max(1, accuracies.count / 4))
    saturated = Double(last.count { $0 > 0.95 }) / Double(max(last.count, 1))
    collapsed = Double(last.count { $0 < 0.55 }) / Double(max(last.count, 1))
  }
}

/// The median of the `window` values around each place, fewer at the ends.
package func rollingMedian(_ values: [Double], window: Int) -> [Double] {
  let before = (window - 1) / 2
  let after = window - 1 - before
  var sorted = SortedWindow()
  for place in 0..<min(after, values.count) { sorted.insert(values[place]) }
  return values.indices.map { place in
    if place + after < values.count { sorted.insert(values[place + after]) }
    if place - before - 1 >= 0 { sorted.remove(values[place - before - 1]) }
    return sorted.median
  }
}

/// A multiset of values kept in order.
private struct SortedWindow {
  private var values: [Double] = []

  var count: Int { values.count }
  var median: Double { sortedQuantile(values, 0.5) }

  mutating func insert(_ value: Double) { values.insert(value, at: place(of: value)) }
  mutating func remove(_ value: Double) { values.remove(at: place(of: value)) }

  private func place(of value: Double) -> Int {
    var (low, high) = (0, values.count)
    while low < high {
      let middle = (low + high) / 2
      if values[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
