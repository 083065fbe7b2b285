import Foundation
import LineupReports
import LineupStudies
import Testing

@Suite struct ReportSummaryTests {
  @Test func theTableHasTheseBytes() throws {
    let made = try ReportStudy.complete()
    defer { withExtendedLifetime(made) {} }
    let expected = """
      arm,metric,unit,extractor,n_seeds,n_failed,mean,median,iqm,minimum,maximum,low,high,floor,n_real,n_samples,reason
      real,fd_pix64,1,pix64,1,0,0.5,0.5,0.5,0.5,0.5,,,,12,12,
      real,varlap_ratio,1,,1,0,1,1,1,1,1,,,,12,12,
      real,noise_sigma,1,,1,0,0.03,0.03,0.03,0.03,0.03,,,,12,12,
      first,fd_pix64,1,pix64,2,0,2.5,2.5,2.5,2,3,,,0.5,12,12,
      first,noise_sigma,1,,2,0,0.06,0.06,0.06,0.06,0.06,,,0.03,12,12,
      first,varlap_ratio,1,,2,0,1.2,1.2,1.2,1.2,1.2,,,1,12,12,
      first,parameters,1,,2,0,5000,5000,5000,5000,5000,,,,,,
      first,sampling_parameters,1,,2,0,4000,4000,4000,4000,4000,,,,,,
      first,flops,FLOP,,2,0,1e+09,1e+09,1e+09,1e+09,1e+09,,,,,,
      first,steps,1,,2,0,100,100,100,100,100,,,,,,
      first,images_seen,1,,2,0,3200,3200,3200,3200,3200,,,,,,
      first,clipped_updates,1,,2,0,3,3,3,3,3,,,,,,
      first,skipped_updates,1,,2,0,0,0,0,0,0,,,,,,
      first,core_seconds,s,,2,0,12.5,12.5,12.5,12.5,12.5,,,,,,
      first,exclusive/step_seconds,s,,1,0,0.02,0.02,0.02,0.02,0.02,,,,,,

      """
    let csv = try StudySummary(made.study).csv
    #expect(csv.hasPrefix(expected), "\(csv)")
    // A failed trial has no figures and is counted.
    #expect(csv.contains("third,fd_pix64,1,pix64,1,1,2.25,2.25,2.25,2.25,2.25,,,0.5,12,12,\n"))
    #expect(csv.split(separator: "\n").allSatisfy { $0.count { $0 == "," } == 16 })
    #expect(try StudySummary(made.study).csv == csv)
  }

  @Test func intervalsNeedThreeSeeds() throws {
    let made = try ReportStudy.complete()
    defer { withExtendedLifetime(made) {} }
    let two = try StudySummary(made.study).row("first", "fd_pix64")
    #expect(two?.low == nil)
    #expect(two?.values == [2, 3])
  }

  @Test func outcomesNameEveryFailure() throws {
    let made = try ReportStudy.complete()
    defer { withExtendedLifetime(made) {} }
    let arm = try StudySummary(made.study).arm("third")
    #expect(arm?.completed == [1])
    #expect(arm?.failed.map(\.seed) == [2])
    #expect(arm?.failed.map(\.step) == [1234])
    #expect(arm?.failed.map(\.reason) == ["a loss was not finite in step 1235"])
    #expect(arm?.unfinished == [])
  }

  @Test func theTerminalTableIsShort() throws {
    let made = try ReportStudy.complete()
    defer { withExtendedLifetime(made) {} }
    let text = try resultsText(for: made.study)
    #expect(text.split(separator: "\n").count == 5)
    #expect(text.contains("2.50 (2…3)"))
    #expect(text.contains("third (used labels)"))
  }

  @Test func theLaTeXTableEscapesItsWords() throws {
    let made = try ReportStudy.complete()
    defer { withExtendedLifetime(made) {} }
    let table = latexTable(try StudySummary(made.study))
    #expect(table.contains("first \\& best & 2/2 & $2.50$ {\\scriptsize ($2$, $3$)}"))
    #expect(table.contains("third\\_arm$^{\\dagger}$ & 1/2 & $2.25$"))
    #expect(table.contains("real against real"))
    #expect(!table.contains("×"))
  }
}
