import Dispatch
import Foundation

/// Signals that ask for an orderly stop, for as long as this lives: they call a function and no longer end the process.
package final class StopSignals {
  private let sources: [any DispatchSourceSignal]

  /// Those that a person sends, from a terminal or not.
  package static func ofPeople(stop: @escaping @Sendable () -> Void) -> StopSignals {
    StopSignals([SIGINT, SIGTERM, SIGHUP], stop: stop)
  }

  /// - Parameters:
  ///   - numbers: the signals that call `stop`.
  ///   - ignoring: signals that do nothing, such as those that a terminal sends to a worker beside its runner.
  package init(_ numbers: [Int32], ignoring: [Int32] = [], stop: @escaping @Sendable () -> Void) {
    for number in numbers + ignoring { signal(number, SIG_IGN) }
    sources = numbers.map { number in
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler(handler: stop)
      source.resume()
      return source
    }
  }
}
