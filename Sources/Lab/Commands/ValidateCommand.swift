import ArgumentParser
import Harness
import Platform
import Simulation

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Compare the simulator with theory.",
    discussion: """
      Simulates systems whose outcome is known in closed form, or published, with many seeds each, \
      and prints a page in Markdown: how often the interval of a seed held the known value. Exits \
      with 1 if a quantity disagrees. All checks with 200 seeds take some minutes on two cores.
      """)

  @Option(help: "Seeds per check.")
  var seeds = 200

  @Option(help: "Checks by the beginnings of their names, separated by commas (default: all).")
  var only: String?

  @Flag(help: "List the checks and simulate nothing.")
  var list = false

  func validate() throws {
    // With fewer nothing could disagree.
    guard (3...1_000_000).contains(seeds) else {
      throw ValidationError("--seeds is from 3 to 1000000.")
    }
  }

  func run() throws {
    let beginnings = only?.split(separator: ",").map(String.init) ?? [""]
    let unknown = beginnings.filter { beginning in
      !Validation.checks.contains { $0.id.hasPrefix(beginning) }
    }
    guard unknown.isEmpty else {
      throw LabError.invalid("no check begins with \(unknown.joined(separator: " or "))")
    }
    guard !beginnings.isEmpty else { throw LabError.invalid("--only names no check; see --list") }
    let checks = Validation.checks.filter { check in
      beginnings.contains { check.id.hasPrefix($0) }
    }
    if list {
      let width = checks.map(\.id.count).max() ?? 0
      for check in checks {
        let gap = String(repeating: " ", count: width + 2 - check.id.count)
        try Console.line(check.id + gap + check.title)
      }
      return
    }
    if !LabContext.current.mayMeasure {
      Console.note("a build without optimisation simulates some thirty times as slowly")
    }
    let results = results(of: checks)
    try Console.result(Validation.page(results))
    let failed = results.count { !$0.passes }
    guard failed == 0 else { throw LabError.disagreement(count: failed) }
  }

  private func results(of checks: [ValidationCheck]) -> [ValidationResult] {
    let start = Clock.now()
    defer { Console.clearStatus() }
    return checks.enumerated().map { index, check in
      Validation.result(of: check, seeds: seeds) { done in
        let share = (Double(index) + Double(done) / Double(seeds)) / Double(checks.count)
        let elapsed = Double(Clock.now() - start) / 1e9
        let left = Int(elapsed / share * (1 - share))
        Console.status(
          "check \(index + 1) of \(checks.count): \(check.id), about \(left) s left")
      }
    }
  }
}
