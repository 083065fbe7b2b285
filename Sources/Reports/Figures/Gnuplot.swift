import Foundation
import LineupStudies
import LineupSupport

/// A figure: its data as a table of text, and what gnuplot is to do with it.
package struct Figure {
  /// The name of its files.
  package var name: String
  /// What it shows, for the page.
  package var caption: String
  /// Blocks of lines parted by two empty lines, which gnuplot calls by `index`.
  package var data: String
  /// The lines that set axes and draw. They name the data as `DATA`, and texts by what ``FigureTexts`` gives for them.
  package var commands: [String]
  /// The texts that the commands name.
  package var texts: FigureTexts
  /// What the legend names, which decides how much room it gets.
  package var labels: [String]

  package init(
    name: String, caption: String, data: String, commands: [String], texts: FigureTexts = FigureTexts(),
    labels: [String] = []
  ) {
    (self.name, self.caption, self.data) = (name, caption, data)
    (self.commands, self.texts, self.labels) = (commands, texts, labels)
  }

  /// Pixels of the SVG.
  private static let width = 480
  private var height: Int { 300 + 22 * legendRows }

  /// Two columns, which fit the names of arms; terminals differ in how wide they take letters to be.
  private var legendColumns: Int { labels.contains { $0.count > 34 } ? 1 : 2 }
  private var legendRows: Int { max(1, (labels.count + legendColumns - 1) / legendColumns) }

  /// An axis with some air, so that nothing is cut in half; figures that cannot be negative begin at zero or above.
  static func range(_ values: [Double]) -> String {
    let low = values.min() ?? 0
    let high = values.max() ?? 1
    let air = max((high - low) * 0.07, abs(high) * 0.01, 1e-6)
    return "[\(low >= 0 ? max(0, low - air) : low - air):\(high + air)]"
  }

  /// The files of a figure in a folder.
  static func paths(
    _ name: String, in folder: String
  ) -> (data: String, texts: String, script: String, svg: String, png: String) {
    let stem = "\(folder)/\(name)"
    return ("\(stem).tsv", "\(stem).txt", "\(stem).gp", "\(stem).svg", "\(stem).png")
  }

  /// The whole script; run in the figures' folder, it draws the SVG and the PNG anew.
  package var script: String {
    let plot = commands.map { $0.replacingOccurrences(of: "DATA", with: "'\(name).tsv'") }
    return """
      # Draws \(name).svg and \(name).png from \(name).tsv: gnuplot \(name).gp
      set encoding utf8
      \(texts.reading(from: "\(name).txt").joined(separator: "\n"))
      set datafile separator "\\t"
      set terminal svg size \(Self.width),\(height) dynamic font "DejaVu Sans,13" linewidth 1 background "#ffffff" noenhanced
      set output "\(name).svg"
      set border 3 linecolor rgb "#5f6368"
      set tics nomirror out scale 0.6 textcolor rgb "#3c4043"
      set grid ytics linecolor rgb "#e4e6e9" linetype 1 linewidth 1
      set xlabel textcolor rgb "#3c4043"
      set ylabel textcolor rgb "#3c4043"
      set key at screen 0.5, screen 0.01 center bottom horizontal maxcols \(legendColumns) Left reverse samplen 1.8 width 1
      set key spacing 1.15 textcolor rgb "#202124"
      set bmargin at screen \(Double(70 + 22 * legendRows) / Double(height))
      set style fill transparent solid 0.18 noborder
      \(plot.joined(separator: "\n"))
      set terminal pngcairo size \(2 * Self.width),\(2 * height) font "DejaVu Sans,13" fontscale 1.5 linewidth 2 pointscale 2 noenhanced
      set output "\(name).png"
      replot
      unset output

      """
  }
}

/// gnuplot as an optional helper that draws figures.
struct Gnuplot {
  private let executable: String

  /// Nil where gnuplot is not installed.
  init?() {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    guard let found = folders.map({ "\($0)/gnuplot" }).first(where: FileManager.default.isExecutableFile) else {
      return nil
    }
    executable = found
  }

  static let absence =
    "gnuplot is not installed, so no figure was drawn. Install the package gnuplot-nox and run `lineup report` again."

  /// Writes the figure's data and script and draws it.
  ///
  /// - Returns: nil where all went well, else what gnuplot said.
  func draw(_ figure: Figure, in folder: String) throws(Fault) -> String? {
    let paths = Figure.paths(figure.name, in: folder)
    try DurableFile.write(figure.data, to: paths.data)
    try DurableFile.write(figure.texts.file, to: paths.texts)
    try DurableFile.write(figure.script, to: paths.script)
    let process = Process()
    let errors = Pipe()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = ["\(figure.name).gp"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    do { try process.run() } catch {
      return "gnuplot cannot be started: \(error.localizedDescription)"
    }
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus != 0 else { return nil }
    return "gnuplot could not draw \(figure.name): \(text.split(separator: "\n").last ?? "it gave no reason")"
  }
}
