public func writeReport(for study: Study) throws -> [String] { [] }
public func resultsText(for study: Study) throws -> String { "" }
public func writeGrid(for study: Study, arms: [String], seeds: [UInt64], indices: [Int], nearest: Bool, to: String)
  throws
{}
