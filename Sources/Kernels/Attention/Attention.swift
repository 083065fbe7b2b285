import CLineupKernels

/// Queries, keys and values, or their gradients.
package struct AttentionOperands<Pointer> {
  package var queries: Pointer
  package var keys: Pointer
  package var values: Pointer

  package init(queries: Pointer, keys: Pointer, values: Pointer) {
    (self.queries, self.keys, self.values) = (queries, keys, values)
  }
}

extension AttentionOperands where Pointer == UnsafePointer<Float> {
  init(_ operands: AttentionOperands<UnsafeMutablePointer<Float>>) {
    self.init(
      queries: UnsafePointer(operands.queries), keys: UnsafePointer(operands.keys),
      values: UnsafePointer(operands.values))
  }
}

/// Softmax attention, `softmax(q·kᵀ/√width) · v`, of each head: `output` is `[batch, queries, heads · width]`, overwritten.
///
/// - Parameter statistics: `statisticsCount` floats, overwritten, from which `attendGradient` computes the weights again.
package func attend(
  _ g: AttentionGeometry, _ operands: AttentionOperands<UnsafePointer<Float>>,
  output: UnsafeMutablePointer<Float>, statistics: UnsafeMutablePointer<Float>
) {
  ExecutedWork.add(multiplyAdds: 2 * g.multiplyAdds)
  let head = g.head
  let passes = g.passes
  g.forEachRun(passes: passes) { run in
    var head = head
    let scratch = Scratch.floats(ck_attention_scratch(&head), for: .attention)
    for task in run {
      let place = HeadPlace(g, task / passes)
      if let next = g.nextHead(after: task, in: run, passes: passes) {
        g.prefetch(operands, next)
        ck_prefetch(output + next.output, g.outputRow, g.queries, g.width)
      }
      let first = task % passes * AttentionGeometry.passLength
      ck_attention_forward(
        &head, first, min(AttentionGeometry.passLength, g.queries - first), operands.queries + place.queries,
        operands.keys + place.keys, operands.values + place.values, output + place.output,
        statistics + place.statistics, statistics + place.statistics + g.queries, scratch)
    }
  }
}

/// The gradients of `attend` in its operands, overwritten and laid out as these are.
///
/// - Parameters:
///   - output: what `attend` gave, and `statistics` that it kept.
///   - outputGradient: `[batch, queries, heads · width]`.
package func attendGradient(
  _ g: AttentionGeometry, _ operands: AttentionOperands<UnsafePointer<Float>>, output: UnsafePointer<Float>,
  statistics: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
  gradients: AttentionOperands<UnsafeMutablePointer<Float>>
) {
  let head = g.head
  // Where there are few heads their queries are divided, and what the parts say about keys and values is added up.
  let parts = g.gradientParts
  let (keySize, valueSize) = (g.batch * g.keys * g.keyRow, g.batch * g.keys * g.valueRow)
  let partials = Scratch.floats((parts - 1) * (keySize + valueSize), for: .partialSums)
  g.forEachRun(passes: parts) { run in
    var head = head
    let scratch = Scratch.floats(ck_attention_gradient_scratch(&head), for: .attention)
    for task in run {
      let place = HeadPlace(g, task / parts)
      if let next = g.nextHead(after: task, in: run, passes: parts) {
        g.prefetch(operands, next)
        ck_prefetch(output + next.output, g.outputRow, g.queries, g.width)
        ck_prefetch(outputGradient + next.output, g.outputRow, g.queries, g.width)
        g.prefetch(AttentionOperands(gradients), next)
      }
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

  /// Calls `body` with runs of the heads of all sequences, each in `passes` tasks. Within a run a head can ask memory for the
  /// next one's rows, which are short and far apart: 64 sequences of 16 tokens, heads 32 wide, 0.41 → 0.17 ms forward.
  fileprivate func forEachRun(passes: Int, _ body: (Range<Int>) -> Void) {
    let (tasks, runs) = (batch * heads * passes, 16)
    Threads.forEachRange(tasks, grain: max(1, tasks / runs), body)
  }

  /// The head to ask memory for: the run's next one, where operands and gradients of two fit a second-level cache.
  fileprivate func nextHead(after task: Int, in run: Range<Int>, passes: Int) -> HeadPlace? {
    guard passes == 1, task + 1 < run.upperBound, (queries + keys) * width <= 32 * 1024 else { return nil }
    return HeadPlace(self, task + 1)
  }

  /// Asks for the rows of one head.
  fileprivate func prefetch(_ operands: AttentionOperands<UnsafePointer<Float>>, _ place: HeadPlace) {
    ck_prefetch(operands.queries + place.queries, queryRow, queries, width)
    ck_prefetch(operands.keys + place.keys, keyRow, keys, width)
    ck_prefetch(operands.values + place.values, valueRow, keys, width)
  }

  func firstQuery(ofPart part: Int) -> Int { min(passes * part / gradientParts * Self.passLength, queries) }
}
