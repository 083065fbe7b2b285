/// What cannot be drawn, and why, in a full sentence.
public struct PipelineError: Error, CustomStringConvertible, Equatable {
  public let description: String

  public init(_ description: String) { self.description = description }
}
