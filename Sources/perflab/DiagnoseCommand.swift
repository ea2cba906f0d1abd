import ArgumentParser
import Assessment
import Lab

struct DiagnoseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diagnose",
    abstract: "Name the bottlenecks of a system from its metrics, logs and traces.",
    discussion: """
      Reads what 'perflab collect' writes; vmstat, mpstat, iostat -x, pidstat, sar, sadf -j, ss -s; \
      pg_stat_statements, pg_stat_activity and PostgreSQL's log as CSV; OpenMetrics; folded stacks \
      and perf script; access logs with times; traces in OTLP's JSON. Files are known by their \
      content. Prints a page in Markdown.
      """)

  @Argument(help: "Files, or folders of files.")
  var paths: [String]

  @Option(help: "Write the page to this file (default: standard output).")
  var output: String?

  @Flag(
    help: """
      Print a line for each bottleneck in place of the page: cost, kind, subject, gain (from, to, \
      expected).
      """)
  var brief = false

  func run() throws {
    do {
      let diagnosis = Diagnosis(try Readings(of: paths))
      guard brief else {
        return try TextOutput.write(DiagnosisPage(diagnosis).text, to: output)
      }
      for finding in diagnosis.findings {
        let share = (finding.cost * 100).rounded() / 100
        let gain =
          finding.gain.map { "\t\($0.range.lowerBound)\t\($0.range.upperBound)\t\($0.expected)" }
          ?? ""
        try Lab.line("\(share)\t\(finding.kind.rawValue)\t\(finding.subject)\(gain)")
      }
    } catch let error as AssessmentError { throw CommandFailed("\(error)") }
  }
}
