import LineupKernels

// Changes in place, for optimizers and averages; none of them is recorded.
extension Tensor {
  /// The sum of squares in double precision.
  public var squaredNorm: Double {
    withValues { $0.isEmpty ? 0 : sumOfSquares(count: $0.count, $0.baseAddress!) }
  }

  /// `self += t · (other − self)`.
  public mutating func interpolate(toward other: Tensor, by t: Float) {
    require(shape == other.shape, "cannot move a tensor of shape \(shape) toward one of shape \(other.shape)")
    withMutableValues { mine in
      other.withValues { theirs in
        guard !mine.isEmpty else { return }
        LineupKernels.interpolate(count: mine.count, toward: theirs.baseAddress!, by: t, mine.baseAddress!)
      }
    }
  }

  /// One Adam step on this tensor and its two moments.
  package mutating func adam(_ step: AdamStep, firstMoment: inout Tensor, secondMoment: inout Tensor, gradient: Tensor)
  {
    require(
      shape == gradient.shape, "a gradient of shape \(gradient.shape) does not fit a parameter of shape \(shape)")
    withMutableValues { p in
      firstMoment.withMutableValues { m in
        secondMoment.withMutableValues { v in
          gradient.withValues { g in
            guard !p.isEmpty else { return }
            LineupKernels.adam(
              step, count: p.count, parameters: p.baseAddress!, firstMoment: m.baseAddress!,
              secondMoment: v.baseAddress!, gradients: g.baseAddress!)
          }
        }
      }
    }
  }
}
