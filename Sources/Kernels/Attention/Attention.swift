import CKernels

/// Queries, keys and values, or their gradients.
public struct AttentionOperands<Pointer> {
  public var queries: Pointer
  public var keys: Pointer
  public var values: Pointer

  public init(queries: Pointer, keys: Pointer, values: Pointer) {
    (self.queries, self.keys, self.values) = (queries, keys, values)
  }
}

/// Softmax attention, `softmax(q·kᵀ/√width) · v`, of each head: `output` is `[batch, queries, heads · width]`, overwritten.
///
/// - Parameter statistics: `statisticsCount` floats, overwritten, from which `attendGradient` computes the weights again.
public func attend(
  _ g: AttentionGeometry, _ operands: AttentionOperands<UnsafePointer<Float>>,
  output: UnsafeMutablePointer<Float>, statistics: UnsafeMutablePointer<Float>
) {
  ExecutedWork.add(multiplyAdds: 2 * g.multiplyAdds)
  let head = g.head
  let passes = g.passes
  Threads.forEach(g.batch * g.heads * passes) { task in
    var head = head
    let scratch = Scratch.floats(ck_attention_scratch(&head), for: .attention)
    let place = HeadPlace(g, task / passes)
    let first = task % passes * AttentionGeometry.passLength
    ck_attention_forward(
      &head, first, min(AttentionGeometry.passLength, g.queries - first), operands.queries + place.queries,
      operands.keys + place.keys, operands.values + place.values, output + place.output,
      statistics + place.statistics, statistics + place.statistics + g.queries, scratch)
  }
}

/// The gradients of `attend` in its operands, overwritten and laid out as these are.
///
/// - Parameters:
///   - output: what `attend` gave, and `statistics` that it kept.
///   - outputGradient: `[batch, queries, heads · width]`.
public func attendGradient(
  _ g: AttentionGeometry, _ operands: AttentionOperands<UnsafePointer<Float>>, output: UnsafePointer<Float>,
  statistics: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
  gradients: AttentionOperands<UnsafeMutablePointer<Float>>
) {
  let head = g.head
  // Where there are few heads their queries are divided, and what the parts say about keys and values is added up.
  let parts = g.gradientParts
  let (keySize, valueSize) = (g.batch * g.keys * g.keyRow, g.batch * g.keys * g.valueRow)
  let partials = Scratch.floats((parts - 1) * (keySize + valueSize), for: .partialSums)
  Threads.forEach(g.batch * g.heads * parts) { task in
    var head = head
    let scratch = Scratch.floats(ck_attention_gradient_scratch(&head), for: .attention)
    let place = HeadPlace(g, task / parts)
    let part = task % parts
    let first = g.firstQuery(ofPart: part)
    let partial = partials + (part - 1) * (keySize + valueSize)
    ck_attention_gradient(
      &head, first, g.firstQuery(ofPart: part + 1) - first, operands.queries + place.queries,
      operands.keys + place.keys, operands.values + place.values, output + place.output,
      statistics + place.statistics, statistics + place.statistics + g.queries, outputGradient + place.output,
      gradients.queries + place.queries, (part == 0 ? gradients.keys : partial) + place.keys,
      (part == 0 ? gradients.values : partial + keySize) + place.values, scratch)
  }
  guard parts > 1 else { return }
  Threads.forEach(g.batch * g.keys) { row in
    for part in 0..<parts - 1 {
      let partial = partials + part * (keySize + valueSize)
      ck_add(gradients.keys + row * g.keyRow, partial + row * g.keyRow, g.heads * g.width)
      ck_add(gradients.values + row * g.valueRow, partial + keySize + row * g.valueRow, g.heads * g.width)
    }
  }
}

/// Where one head's numbers begin.
private struct HeadPlace {
  let queries: Int
  let keys: Int
  let values: Int
  let output: Int
  let statistics: Int

  init(_ g: AttentionGeometry, _ index: Int) {
    let (sequence, head) = index.quotientAndRemainder(dividingBy: g.heads)
    queries = sequence * g.queries * g.queryRow + head * g.width
    keys = sequence * g.keys * g.keyRow + head * g.width
    values = sequence * g.keys * g.valueRow + head * g.width
    output = sequence * g.queries * g.outputRow + head * g.width
    statistics = index * g.queries * 2
  }
}

extension AttentionGeometry {
  /// Queries in a task of the forward pass.
  static let passLength = Int(CK_ATTENTION_PASS)
  /// Heads of a batch from which on each is one task of the gradient. A constant: it decides the order of sums.
  private static let wantedTasks = 8

  var passes: Int { (queries + Self.passLength - 1) / Self.passLength }

  var gradientParts: Int {
    let heads = batch * heads
    guard heads > 0 else { return 1 }
    return max(1, min((Self.wantedTasks + heads - 1) / heads, passes))
  }

  func firstQuery(ofPart part: Int) -> Int { min(passes * part / gradientParts * Self.passLength, queries) }
}
