import LineupKernels

/// `a · gelu(b)` for the halves `a` and `b` of the last axis: the product inside a GEGLU layer (Shazeer 2020).
public func gegluProduct(_ x: Tensor) -> Tensor {
  require(x.rank > 0 && x.shape[x.rank - 1] % 2 == 0, "a tensor of shape \(x.shape) has no two halves to gate")
  let width = x.shape[x.rank - 1] / 2
  let rows = x.count / max(2 * width, 1)
  let output = Tensor(shape: x.shape.dropLast() + [width]) { out in
    guard !out.isEmpty else { return }
    applyGEGLU(rows: rows, count: width, x.operand, into: out.baseAddress!)
  }
  return .recorded(output, from: [x], saving: .inputs) { c in
    guard !c.isRecorded else {
      return c.gradients { inputs in
        let halves = inputs[0].split(into: 2, along: -1)
        return halves[0] * gelu(halves[1])
      }
    }
    return [
      Tensor(shape: c.inputs[0].shape) { out in
        guard !out.isEmpty else { return }
        applyGEGLUGradient(
          rows: rows, count: width, c.inputs[0].operand, gradient: c.gradient.operand,
          into: out.baseAddress!)
      }
    ]
  }
}
