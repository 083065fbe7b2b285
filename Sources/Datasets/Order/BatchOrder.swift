import LineupTensors
import Synchronization

/// The order in which training sees the data: a pure function of the stream, the step and the sizes.
///
/// Each epoch is one permutation of the set, drawn from the stream split by the epoch's number. So every arm of a study
/// that is given the same stream sees the same images in the same order, and a resumed trial needs to store nothing but
/// its step.
public struct BatchOrder: Sendable {
  /// Items in the set.
  public let count: Int
  /// Items in a batch.
  public let batchSize: Int
  /// Whether the last, smaller batch of an epoch is given too; otherwise its images wait for another epoch.
  public let keepsPartialBatch: Bool
  private let random: RandomStream
  /// The last epoch's permutation, kept because consecutive steps ask for the same one. It never changes an answer.
  private let recent = RecentEpoch()

  /// An order over `count` items. A batch larger than the set is cut to the set.
  ///
  /// - Parameter random: usually the trial's seed split by "data".
  public init(count: Int, batchSize: Int, random: RandomStream, keepsPartialBatch: Bool = false) {
    precondition(count > 0, "an order needs at least one item, not \(count)")
    precondition(batchSize > 0, "a batch needs at least one item, not \(batchSize)")
    self.count = count
    self.batchSize = min(batchSize, count)
    self.random = random
    self.keepsPartialBatch = keepsPartialBatch
  }

  /// How many batches an epoch has.
  public var batchesPerEpoch: Int {
    keepsPartialBatch ? (count + batchSize - 1) / batchSize : count / batchSize
  }

  /// The epoch that a step belongs to, counted from 0.
  public func epoch(ofStep step: Int) -> Int {
    step / batchesPerEpoch
  }

  /// The indices of the batch of step `step`, counted from 0. Any step may be asked for at any time, from any thread.
  public func indices(forStep step: Int) -> [Int] {
    precondition(step >= 0, "steps are counted from 0; \(step) was asked for")
    let order = order(ofEpoch: epoch(ofStep: step))
    let start = step % batchesPerEpoch * batchSize
    return order[start..<min(start + batchSize, count)].map { Int($0) }
  }

  /// The whole permutation of an epoch.
  private func order(ofEpoch epoch: Int) -> [Int32] {
    recent.order(ofEpoch: epoch) {
      var stream = random.split(epoch)
      return stream.permutation(of: count)
    }
  }

  /// A one-entry cache. A class, so that asking for a batch does not mutate the order.
  private final class RecentEpoch: Sendable {
    private let entry = Mutex<(epoch: Int, order: [Int32])?>(nil)

    func order(ofEpoch epoch: Int, draw: () -> [Int32]) -> [Int32] {
      entry.withLock { entry in
        if let entry, entry.epoch == epoch { return entry.order }
        let order = draw()
        entry = (epoch, order)
        return order
      }
    }
  }
}
