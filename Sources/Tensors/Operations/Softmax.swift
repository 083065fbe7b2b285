import LineupKernels

extension Tensor {
  /// Softmax over the last axis.
  public func softmax() -> Tensor {
    let width = shape[rank - 1]
    let output = Tensor(shape: shape) { out in
      withValues { x in
        LineupKernels.softmax(rows: x.count / width, count: width, x.baseAddress!, into: out.baseAddress!)
      }
    }
    return .recorded(output, from: [self], saving: .output) { c in
      guard !c.isRecorded else {
        let weighted = c.gradient * c.output
        return [weighted - c.output * weighted.sum(overAxes: [-1], keepingAxes: true)]
      }
      return [
        Tensor(shape: c.output.shape) { out in
          c.output.withValues { y in
            c.gradient.withValues { g in
              softmaxGradient(
                rows: y.count / width, count: width, output: y.baseAddress!, gradient: g.baseAddress!,
                into: out.baseAddress!)
            }
          }
        }
      ]
    }
  }

  /// The logarithm of the softmax over the last axis.
  public func logSoftmax() -> Tensor {
    let shifted = self - maximumOfLastAxis()
    return shifted - log(exp(shifted).sum(overAxes: [-1], keepingAxes: true))
  }
}

/// The mean cross-entropy of class scores `[batch, classes]` against labels, in nats.
public func crossEntropy(_ scores: Tensor, labels: [Int32]) -> Tensor {
  let (rows, classes) = (scores.shape[0], scores.shape[1])
  require(labels.count == rows, "\(labels.count) labels do not fit scores of shape \(scores.shape)")
  require(
    labels.allSatisfy { (0..<Int32(classes)).contains($0) }, "a label lies outside the \(classes) classes of the scores"
  )
  let chosen = Tensor(shape: scores.shape) { out in
    out.initialize(repeating: 0)
    for (row, label) in labels.enumerated() { out[row * classes + Int(label)] = 1 }
  }
  return -(scores.logSoftmax() * chosen).sum() / Float(rows)
}
