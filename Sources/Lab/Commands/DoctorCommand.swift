import ArgumentParser
import Platform
import Rendering
import Results

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check this machine's settings for benchmarking, and print how to improve them.",
    discussion: "Exits with 0 if no condition is poor, with 1 otherwise.")

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let conditions = Conditions.assess().map { Condition($0) }
    if json {
      try Console.result(StoredJSON.text(conditions))
    } else {
      let machine = Machine(try Topology.current(), Host.current(), named: nil)
      try Console.line(
        "\(machine.processor), \(machine.cores) cores, \(machine.threads) threads, "
          + "\(machine.memoryBytes >> 30) GiB, Linux \(machine.kernel)\n")
      let order: [Condition.Grade] = [.poor, .fair, .unknown, .good]
      for grade in order {
        for condition in conditions where condition.grade == grade { try show(condition) }
      }
    }
    if conditions.contains(where: { $0.grade == .poor }) { throw ExitCode(1) }
  }

  private func show(_ condition: Condition) throws(LabError) {
    let colours: [Condition.Grade: String] = [
      .poor: "31", .fair: "33", .unknown: "36", .good: "32",
    ]
    let word = condition.grade.rawValue.padded(to: 8)
    let grade = Console.colour ? "\u{1b}[\(colours[condition.grade]!)m\(word)\u{1b}[0m" : word
    try Console.line("\(grade)\(condition.name): \(condition.value)")
    guard condition.grade != .good else { return }
    try Console.line("        \(condition.why)")
    if !condition.fix.isEmpty { try Console.line("        fix: \(condition.fix)") }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
