import LineupKernels
import LineupNetworks

/// Softmax attention and its gradients in plain loops and double precision.
package struct ReferenceAttention {
  package var output: [Double]
  package var queryGradient: [Double]
  package var keyGradient: [Double]
  package var valueGradient: [Double]

  /// Queries [b, n, heads · d], keys and values [b, m, heads · d], packed; `gradient` is as the queries are.
  package init(_ g: AttentionGeometry, queries: [Float], keys: [Float], values: [Float], gradient: [Float]) {
    output = [Double](repeating: 0, count: queries.count)
    queryGradient = output
    keyGradient = [Double](repeating: 0, count: keys.count)
    valueGradient = keyGradient
    for sequence in 0..<g.batch {
      for head in 0..<g.heads {
        for query in 0..<g.queries {
          let row = ((sequence * g.queries + query) * g.heads + head) * g.width
          let visible = (0..<g.keys).filter { !g.isCausal || $0 <= query }
          let rows = visible.map { ((sequence * g.keys + $0) * g.heads + head) * g.width }
          add(g, row: row, others: rows, (queries, keys, values, gradient))
        }
      }
    }
  }

  /// One query at `row` with the keys and values at `others`.
  private mutating func add(
    _ g: AttentionGeometry, row: Int, others: [Int], _ data: ([Float], [Float], [Float], [Float])
  ) {
    let (queries, keys, values, gradient) = data
    func dot(_ a: [Float], _ i: Int, _ b: [Float], _ j: Int) -> Double {
      (0..<g.width).reduce(0) { $0 + Double(a[i + $1]) * Double(b[j + $1]) }
    }
    let scale = 1 / Double(g.width).squareRoot()
    let scores = others.map { scale * dot(queries, row, keys, $0) }
    let exponentials = scores.map { ReferenceKernels.exponential($0 - scores.max()!) }
    let weights = exponentials.map { $0 / exponentials.reduce(0, +) }
    let slopes = others.map { dot(gradient, row, values, $0) }
    let mean = zip(weights, slopes).reduce(0) { $0 + $1.0 * $1.1 }
    for (index, other) in others.enumerated() {
      let slope = weights[index] * (slopes[index] - mean) * scale
      for c in 0..<g.width {
        output[row + c] += weights[index] * Double(values[other + c])
        queryGradient[row + c] += slope * Double(keys[other + c])
        keyGradient[other + c] += slope * Double(queries[row + c])
        valueGradient[other + c] += weights[index] * Double(gradient[row + c])
      }
    }
  }
}

/// Linear attention and its gradient in plain loops and double precision.
package struct ReferenceLinearAttention {
  package var output: [Double]
  package var inputGradient: [Double]
  package var weightGradient: [Double]
  private var projectionGradient: [Double]
  private let g: LinearAttentionGeometry

  /// The input is [b, pixels, channels], the weight [channels, 3 · heads · width], the gradient [b, pixels, heads · width].
  package init(_ g: LinearAttentionGeometry, input: [Float], weight: [Float], gradient: [Float]) {
    self.g = g
    let (rows, columns) = (g.batch * g.pixels, 3 * g.heads * g.width)
    let projection = ReferenceKernels.multiply(
      m: rows, n: columns, k: g.channels, a: input, transposeA: false, b: weight, transposeB: false)
    output = [Double](repeating: 0, count: gradient.count)
    projectionGradient = [Double](repeating: 0, count: projection.count)
    inputGradient = [Double](repeating: 0, count: input.count)
    weightGradient = [Double](repeating: 0, count: weight.count)
    for image in 0..<g.batch {
      for head in 0..<g.heads { add(image, head, projection, gradient) }
    }
    for row in 0..<rows {
      for channel in 0..<g.channels {
        for column in 0..<columns {
          let slope = projectionGradient[row * columns + column]
          inputGradient[row * g.channels + channel] += slope * Double(weight[channel * columns + column])
          weightGradient[channel * columns + column] += slope * Double(input[row * g.channels + channel])
        }
      }
    }
  }

  private mutating func add(_ image: Int, _ head: Int, _ projection: [Double], _ gradient: [Float]) {
    let (pixels, width, inner) = (0..<g.pixels, 0..<g.width, g.heads * g.width)
    let input = { [g] (part: Int, n: Int, c: Int) in
      (image * g.pixels + n) * 3 * inner + part * inner + head * g.width + c
    }
    let place = { [g] (n: Int, c: Int) in (image * g.pixels + n) * inner + head * g.width + c }
    let read = { (part: Int, n: Int, c: Int) in projection[input(part, n, c)] }
    let queries = pixels.map { n in Self.softmax(width.map { read(0, n, $0) }) }
    let keys = width.map { c in Self.softmax(pixels.map { read(1, $0, c) }) }
    let scale = 1 / Double(g.width).squareRoot()
    for c in width {
      for e in width {
        let context = pixels.reduce(0) { $0 + keys[c][$1] * read(2, $1, e) }
        let slope = scale * pixels.reduce(0) { $0 + queries[$1][c] * Double(gradient[place($1, e)]) }
        for n in pixels {
          output[place(n, e)] += scale * queries[n][c] * context
          projectionGradient[input(0, n, c)] += scale * Double(gradient[place(n, e)]) * context
          projectionGradient[input(1, n, c)] += read(2, n, e) * slope
          projectionGradient[input(2, n, e)] += keys[c][n] * slope
        }
      }
    }
    // So far gradients of the weights; now through the softmaxes.
    for n in pixels { differentiate(queries[n], at: width.map { input(0, n, $0) }) }
    for c in width { differentiate(keys[c], at: pixels.map { input(1, $0, c) }) }
  }

  private mutating func differentiate(_ weights: [Double], at places: [Int]) {
    let mean = zip(weights, places).reduce(0) { $0 + $1.0 * projectionGradient[$1.1] }
    for (weight, place) in zip(weights, places) {
      projectionGradient[place] = weight * (projectionGradient[place] - mean)
    }
  }

  private static func softmax(_ scores: [Double]) -> [Double] {
    let exponentials = scores.map { ReferenceKernels.exponential($0 - scores.max()!) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }
}

extension ReferenceKernels {
  /// eˣ in double precision, as the power 2¹⁶ of a short Taylor series: relative error below 1e-11.
  static func exponential(_ x: Double) -> Double {
    let step = x / 65536
    var power = 1 + step * (1 + step / 2 * (1 + step / 3 * (1 + step / 4)))
    for _ in 0..<16 { power *= power }
    return power
  }
}
