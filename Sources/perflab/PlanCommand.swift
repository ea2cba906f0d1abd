import ArgumentParser
import Assessment
import Lab

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Plan a system's growth: breaking points, changes, timeline and cost.",
    discussion: """
      The system is described in a part of YAML (see Documentation/plan.md): tiers with demands and \
      prices, growth, service level. Breaking points are simulated. Writes a page in Markdown and a \
      chart beside it.
      """)

  @Argument(help: "The description of the system.")
  var system: String

  @Option(help: "Users now, such as 100k.")
  var from: String

  @Option(help: "Users at the end, such as 1m.")
  var to: String

  @Option(help: "Write the page to this file and its chart beside it (default: the page alone).")
  var output: String?

  func run() throws {
    let range = (try Self.users(from), try Self.users(to))
    do {
      let page = GrowthPage(
        try GrowthPlan(try Self.described(system), from: range.0, to: range.1))
      let chart = output.map { ($0.hasSuffix(".md") ? String($0.dropLast(3)) : $0) + ".svg" }
      if let chart { try TextOutput.write(page.chart, to: chart) }
      let name = chart?.split(separator: "/").last.map(String.init)
      try TextOutput.write(page.text(chart: name), to: output)
    } catch let error as AssessmentError { throw CommandFailed("\(error)") }
  }

  /// A system of a file.
  /// - Throws: `AssessmentError`.
  static func described(_ path: String) throws -> GrowingSystem {
    let bytes = try InputFile.bytes(path)
    guard !bytes.contains(0) else {
      throw AssessmentError.unreadable(path, reason: "it is binary, and no description")
    }
    return try GrowingSystem(String(decoding: bytes, as: UTF8.self), in: path)
  }

  /// `100k`, `1m`, `2500`.
  static func users(_ text: String) throws -> Double {
    let units: [Character: Double] = ["k": 1e3, "m": 1e6]
    let unit = text.last.flatMap { units[Character($0.lowercased())] }
    let digits = unit == nil ? text[...] : text.dropLast()
    // Without a unit a point separates thousands, for some.
    guard let number = Double(digits), (1...1e10).contains(number * (unit ?? 1)),
      unit != nil || !digits.contains(".")
    else {
      throw CommandFailed("'\(text)' is no number of users; write 2500, 100k or 1m", exitCode: 64)
    }
    return number * (unit ?? 1)
  }
}
