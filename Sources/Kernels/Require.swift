/// Stops the program with a sentence when a condition does not hold.
///
/// For mistakes of the caller, such as shapes that do not fit. `precondition` would do, but leaves its message out of
/// release builds.
@inlinable
package func require(
  _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID,
  line: UInt = #line
) {
  guard !condition() else { return }
  fatalError(message(), file: file, line: line)
}
