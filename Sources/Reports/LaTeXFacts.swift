import Foundation
import LineupStudies
import LineupSupport

/// Writes what the paper takes from a study: `results-table.tex`, its main table, and `facts.tex`, the settings that its
/// text mentions.
///
/// - Returns: the paths written.
package func writeLaTeX(for study: Study, to folder: String) throws -> [String] {
  try Folder.make(folder)
  let table = "\(folder)/results-table.tex"
  try writeLaTeXTable(for: study, to: table)
  let facts = "\(folder)/facts.tex"
  try DurableFile.write(latexFacts(study), to: facts)
  return [table, facts]
}

/// Redefinitions of the commands under which the paper's text knows a study's settings.
func latexFacts(_ study: Study) -> String {
  let specification = study.specification
  let budget = specification.budget.flops.map(powerOfTen) ?? "an unlimited number of"
  let commands = [
    ("studyBudget", budget), ("studySeeds", "\(specification.seeds.count)"),
    ("studySamples", "\(specification.evaluation.samples)"),
    ("studySamplerSteps", "\(specification.evaluation.samplerSteps)"),
    ("studyProfile", LaTeX.escaped(study.profileName)),
    ("studyHash", String(study.resolved.sha256.prefix(12))),
  ]
  return "% Written by `lineup report --latex`.\n"
    + commands.map { "\\renewcommand{\\\($0)}{\($1)}\n" }.joined()
}

/// A number such as 5e12 as `$5 \times 10^{12}$`.
private func powerOfTen(_ value: Double) -> String {
  let parts = String(format: "%.3e", value).split(separator: "e")
  guard parts.count == 2, let factor = Double(parts[0]), let exponent = Int(parts[1]) else { return "\(value)" }
  return "$\(NumberText.significant(factor, digits: 6)) \\times 10^{\(exponent)}$"
}
