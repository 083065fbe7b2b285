/// What cannot be drawn, and why, in a full sentence.
public struct PipelineError: Error, CustomStringConvertible, Equatable {
  /// What does not fit, in a sentence.
  public let description: String

  /// An error of this sentence.
  public init(_ description: String) { self.description = description }
}
