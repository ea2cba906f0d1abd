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

  @Option(
    help: """
      The description of the system, as 'plan' reads it, whose tiers name their machines in the bill \
      ('resources'): its service level is kept.
      """)
  var system: String?

  @Option(help: "Users of that system at the busiest time, such as 100k.")
  var users: String?

  @Option(help: "Write the page to this file (default: standard output).")
  var output: String?

  func run() throws {
    let digits = target.hasSuffix("%") ? target.dropLast() : target[...]
    guard let percent = Double(digits), percent > 0, percent < 100 else {
      throw CommandFailed("'\(target)' is no target; write 30%", exitCode: 64)
    }
    guard (system == nil) == (users == nil) else {
      throw CommandFailed("--system and --users go together", exitCode: 64)
    }
    let served = try users.map(PlanCommand.users)
    do {
      let described = try system.map(PlanCommand.described)
      let (bill, use) = (try Bill(path: bill), try use())
      let plan: SavingsPlan
      if let described, let served {
        plan = try SavingsPlan(bill, use, target: percent / 100, serving: served, by: described)
      } else {
        plan = SavingsPlan(bill, use, target: percent / 100)
      }
      try TextOutput.write(SavingsPage(plan).text, to: output)
    } catch let error as AssessmentError { throw CommandFailed("\(error)") }
  }

  private func use() throws -> Utilisation {
    guard let utilisation else { return Utilisation() }
    return try Utilisation(try InputFile.bytes(utilisation, most: 1 << 30), named: utilisation)
  }
}
