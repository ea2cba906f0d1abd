import ArgumentParser
import Assessment
import Lab

struct SaveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "save",
    abstract: "Say what a cloud bill can do without, and whether that reaches a target.",
    discussion: """
      Reads a bill in FOCUS format (1.0 and later) or AWS's older Cost and Usage Report, as CSV. A \
      file of utilisation says which resources are idle or too large; without it only what the bill \
      itself shows is found. Prints a page in Markdown. Nothing leaves the machine.
      """)

  @Argument(help: "The bill.")
  var bill: String

  @Option(help: "What to save, such as 30%.")
  var target = "30%"

  @Option(
    help:
      "A CSV with ResourceId, cpu_p99, memory_p99, operations, attached, age_days, reads_per_gb.")
  var utilisation: String?

  @Option(help: "Write the page to this file (default: standard output).")
  var output: String?

  func run() throws {
    let digits = target.hasSuffix("%") ? target.dropLast() : target[...]
    guard let percent = Double(digits), percent > 0, percent < 100 else {
      throw CommandFailed("'\(target)' is no target; write 30%", exitCode: 64)
    }
    do {
      let plan = SavingsPlan(
        try Bill(path: bill), try use(), target: percent / 100)
      try TextOutput.write(SavingsPage(plan).text, to: output)
    } catch let error as AssessmentError { throw CommandFailed("\(error)") }
  }

  private func use() throws -> Utilisation {
    guard let utilisation else { return Utilisation() }
    return try Utilisation(try InputFile.bytes(utilisation, most: 1 << 30), named: utilisation)
  }
}
