import LineupKernels
import LineupTestSupport
import Testing

/// Extents and terms of one normalisation.
struct NormalizationCase: Sendable, CustomStringConvertible {
  var batch, space, channels, groups: Int
  var isShifted = false
  var isModulated = false
  var activates = false

  var description: String {
    "\(batch)×\(space)×\(channels) in \(groups) groups\(isShifted ? ", shifted" : "")\(isModulated ? ", modulated" : "")"
      + (activates ? ", SiLU" : "")
  }

  /// One channel, one pixel, odd widths, images of several blocks, batch normalisation over many rows.
  static let all = [
    NormalizationCase(batch: 1, space: 9, channels: 1, groups: 1),
    NormalizationCase(batch: 3, space: 1, channels: 12, groups: 3, activates: true),
    NormalizationCase(batch: 5, space: 49, channels: 28, groups: 4, isModulated: true, activates: true),
    NormalizationCase(batch: 2, space: 35, channels: 33, groups: 3, isShifted: true),
    NormalizationCase(batch: 2, space: 1024, channels: 100, groups: 10, isShifted: true, activates: true),
    NormalizationCase(
      batch: 1, space: 4096, channels: 48, groups: 8, isShifted: true, isModulated: true, activates: true),
    NormalizationCase(batch: 1, space: 3000, channels: 64, groups: 64),
  ]
}

@Suite struct NormalizationTests {
  /// What the kernels gave, in one array: output, then the gradients of input and terms.
  private func computed(_ c: NormalizationCase, _ data: NormalizationData) -> [[Float]] {
    let g = NormalizationGeometry(batch: c.batch, space: c.space, channels: c.channels, groups: c.groups)
    var y = [Float](repeating: .nan, count: data.x.count)
    var dx = y
    var (mean, rstd) = (
      [Float](repeating: .nan, count: c.batch * c.groups), [Float](repeating: .nan, count: c.batch * c.groups)
    )
    var rows = [[Float]](repeating: [Float](repeating: .nan, count: c.batch * c.channels), count: 6)
    data.gamma.withUnsafeBufferPointer { gamma in
      data.beta.withUnsafeBufferPointer { beta in
        data.shift.withUnsafeBufferPointer { shift in
          data.factor.withUnsafeBufferPointer { factor in
            data.offset.withUnsafeBufferPointer { offset in
              let terms = NormalizationTerms(
                gamma: gamma.baseAddress!, beta: beta.baseAddress!, shift: c.isShifted ? shift.baseAddress : nil,
                factor: c.isModulated ? factor.baseAddress : nil, offset: c.isModulated ? offset.baseAddress : nil,
                activates: c.activates)
              mean.withUnsafeMutableBufferPointer { mean in
                rstd.withUnsafeMutableBufferPointer { rstd in
                  withPointers(to: &rows) { row in
                    let statistics = NormalizationStatistics(
                      mean: mean.baseAddress!, rstd: rstd.baseAddress!, channelMean: row[5])
                    normalize(g, epsilon: 1e-5, data.x, terms, into: &y, statistics)
                    dx.withUnsafeMutableBufferPointer { dx in
                      normalizeGradient(
                        g, data.x, terms, statistics, gradient: data.dy,
                        into: NormalizationGradients(
                          input: dx.baseAddress!, gamma: row[0], beta: row[1], shift: c.isShifted ? row[2] : nil,
                          factor: c.isModulated ? row[3] : nil, offset: c.isModulated ? row[4] : nil))
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    let wanted = rows[0..<2] + (c.isShifted ? [rows[2]] : []) + (c.isModulated ? [rows[3], rows[4]] : [])
    return [y, dx] + wanted
  }

  @Test(arguments: NormalizationCase.all)
  func agreesWithPlainLoopsAndDoesNotDependOnThreads(_ c: NormalizationCase) {
    let data = NormalizationData(c)
    let before = Threads.count
    defer { Threads.count = before }
    Threads.count = 1
    let one = computed(c, data)
    Threads.count = 2
    #expect(computed(c, data) == one)
    let expected = data.reference(c)
    #expect(one.count == expected.count)
    for (index, (values, golden)) in zip(one, expected).enumerated() {
      let scale = golden.map(\.magnitude).max()! + 1e-30
      let worst = zip(values, golden).map { (Double($0) - $1).magnitude }.max()!
      #expect(worst <= 1e-5 * scale, "\(c), tensor \(index): \(worst / scale)")
    }
  }
}

private func withPointers(to arrays: inout [[Float]], _ body: ([UnsafeMutablePointer<Float>]) -> Void) {
  let pointers = arrays.map { array in
    let pointer = UnsafeMutablePointer<Float>.allocate(capacity: array.count)
    pointer.initialize(from: array, count: array.count)
    return pointer
  }
  body(pointers)
  for (index, pointer) in pointers.enumerated() {
    arrays[index] = Array(UnsafeBufferPointer(start: pointer, count: arrays[index].count))
    pointer.deallocate()
  }
}

/// Inputs of a case, and the same normalisation by plain loops in double precision.
private struct NormalizationData {
  var x, dy, gamma, beta, shift, factor, offset: [Float]

  init(_ c: NormalizationCase) {
    var random = SmallRandom(17)
    let count = c.batch * c.space * c.channels
    // Far from zero, where careless formulas for the variance lose their digits.
    x = random.floats(count).map { $0 + 3 }
    dy = random.floats(count)
    (gamma, beta) = (random.floats(c.channels), random.floats(c.channels))
    (shift, factor, offset) = (
      random.floats(c.batch * c.channels), random.floats(c.batch * c.channels), random.floats(c.batch * c.channels)
    )
  }

  func reference(_ c: NormalizationCase) -> [[Double]] {
    let width = c.channels / c.groups
    var y = [Double](repeating: 0, count: x.count)
    var dx = y
    var rows = [[Double]](repeating: [Double](repeating: 0, count: c.batch * c.channels), count: 5)
    for image in 0..<c.batch {
      for group in 0..<c.groups {
        let members = (0..<c.space).flatMap { p in (group * width..<(group + 1) * width).map { (p, $0) } }
        func index(_ p: Int, _ channel: Int) -> Int { (image * c.space + p) * c.channels + channel }
        func value(_ p: Int, _ channel: Int) -> Double {
          Double(x[index(p, channel)]) + (c.isShifted ? Double(shift[image * c.channels + channel]) : 0)
        }
        let count = Double(members.count)
        let mean = members.reduce(0) { $0 + value($1.0, $1.1) } / count
        let variance = members.reduce(0) { $0 + (value($1.0, $1.1) - mean) * (value($1.0, $1.1) - mean) } / count
        let rstd = 1 / (variance + 1e-5).squareRoot()
        var (total, projected) = (0.0, 0.0)
        for (p, channel) in members {
          let row = image * c.channels + channel
          let gain = c.isModulated ? 1 + Double(factor[row]) : 1
          let standard = (value(p, channel) - mean) * rstd
          let plain = standard * Double(gamma[channel]) + Double(beta[channel])
          let u = plain * gain + (c.isModulated ? Double(offset[row]) : 0)
          let s = 1 / (1 + exponential(-u))
          y[index(p, channel)] = c.activates ? u * s : u
          let slope = Double(dy[index(p, channel)]) * (c.activates ? s * (1 + u * (1 - s)) : 1)
          rows[0][row] += slope * standard * gain
          rows[1][row] += slope * gain
          rows[3][row] += slope * plain
          rows[4][row] += slope
          dx[index(p, channel)] = slope * gain * Double(gamma[channel])
          total += dx[index(p, channel)]
          projected += dx[index(p, channel)] * standard
        }
        for (p, channel) in members {
          let standard = (value(p, channel) - mean) * rstd
          let place = index(p, channel)
          dx[place] = rstd * (dx[place] - total / count - standard * projected / count)
          rows[2][image * c.channels + channel] += dx[place]
        }
      }
    }
    return [y, dx] + rows[0..<2] + (c.isShifted ? [rows[2]] : []) + (c.isModulated ? [rows[3], rows[4]] : [])
  }

  private func exponential(_ x: Double) -> Double {
    var (sum, term) = (1.0, 1.0)
    let part = x / 64
    for k in 1...18 {
      term *= part / Double(k)
      sum += term
    }
    for _ in 0..<6 { sum *= sum }
    return sum
  }
}
