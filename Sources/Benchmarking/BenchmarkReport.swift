import Foundation
import LineupStrictJSON
import LineupSupport

/// What a measurement found. The keys of its JSON are fixed.
package struct BenchmarkReport: Codable, Sendable {
  package var model: String
  package var batch: Int
  package var threads: Int
  /// Over the repetitions after the first, which warms up.
  package var medianSeconds: Double
  package var minimumSeconds: Double
  /// Thousand million operations of one repetition, as direct algorithms would need them.
  package var gflop: Double
  /// Thousand million bytes of all operands and results of the operations of one repetition, from memory or caches.
  package var gigabytes: Double
  /// The most memory that the process held, before the matrix products were measured.
  package var peakRSSBytes: Int
  /// Thousand million operations a second of large matrix products on as many threads.
  package var sgemmGflops: Double
  /// Thousand million bytes a second that a large copy on as many threads reads and writes.
  package var copyGigabytes: Double

  enum CodingKeys: String, CodingKey {
    case model, batch, threads, gflop
    case gigabytes = "gbyte"
    case medianSeconds = "median_seconds"
    case minimumSeconds = "minimum_seconds"
    case peakRSSBytes = "peak_rss_bytes"
    case sgemmGflops = "sgemm_gflops"
    case copyGigabytes = "copy_gbytes"
  }

  /// One JSON object.
  package var json: String { String(JSONValue(encoding: self).sorted.indentedText.dropLast()) }

  /// A line to read.
  package var line: String {
    let rate = gflop / minimumSeconds
    return String(
      format: "%@, batch %d, %d thread%@: median %.4f s, minimum %.4f s; %.2f GFLOP at up to %.1f GFLOP/s, "
        + "%.0f %% of the %.1f GFLOP/s of matrix products; %.2f GB at up to %.1f GB/s, where copies do %.1f; peak %@",
      model, batch, threads, threads == 1 ? "" : "s", medianSeconds, minimumSeconds, gflop, rate,
      100 * rate / sgemmGflops, sgemmGflops, gigabytes, gigabytes / minimumSeconds, copyGigabytes,
      NumberText.bytes(peakRSSBytes))
  }
}
