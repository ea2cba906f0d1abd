import ArgumentParser
import Harness
import Rendering
import Results

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare runs or machines: which speedups differ, and why.",
    discussion: """
      Each side is a machine's folder (Reports/my-box), a file that 'export --format json' wrote, \
      or a run of a history \
      (Reports/my-box/history/20261122T184457Z.json.gz). Every other side is compared with the \
      first. Only speedups are compared, since each was measured within one run. Times of two \
      runs also differ by the machine's drift, and are labelled as such.

      --gate is for one machine before and after a change. The exit code is 1 if a speedup fell \
      by more than the percentage: the whole interval of the ratio lies beyond it, corrected for \
      the number of comparisons. With --confirm these experiments are measured again by this \
      build, and only those that fall again count. It is also 1 if allocations, retains or \
      releases rose by more than that, in results of one compiler. Page faults and context \
      switches, which vary from call to call, are shown and not judged.

      Exit codes: 0 no regression, 1 a regression, 64 wrong usage, 65 nothing to compare.
      """)

  @Argument(help: "Two or more sides; the others are compared with the first.")
  var sides: [String]

  @Option(
    help: """
      The Markdown file to write, with its charts beside it (default: \
      Reports/comparisons/<first>-and-<second>.md).
      """)
  var out: String?

  @Option(help: "Exit with 1 if a speedup fell by more than this: '5%'.")
  var gate: String?

  @Flag(help: "Measure the fallen speedups again, on this machine, before the gate decides.")
  var confirm = false

  func run() throws { try LabError.gated(compare) }

  private func compare() throws {
    let share = try gate.map(Self.share)
    if confirm && share == nil {
      throw LabError.invalid("--confirm needs --gate; type --gate 5% --confirm")
    }
    guard sides.count >= 2 else {
      throw LabError.invalid(
        "compare needs two or more sides: '\(Lab.program) compare Reports/a Reports/b'")
    }
    if confirm && sides.count > 2 {
      throw LabError.invalid("--confirm needs exactly two sides: before and after")
    }
    let inputs = try ComparedInput.load(sides)
    for error in inputs.flatMap(\.unreadable) {
      // What is left out may be what fell.
      if share != nil { throw LabError.incomparable("\(error)") }
      Console.error("\(error)")
    }
    let named = ComparedInput.sides(inputs)
    let page = try ComparisonFile(out, sides: named)
    let comparison = Comparison(named, numberProcesses: NumberSession.processes)
    try check(comparison, isGated: share != nil)
    try Console.result(
      ComparisonTable.render(comparison, width: Console.width(), colour: Console.colour))
    var found = share.map { Gate(comparison, share: $0) }
    if confirm, let first = found, !first.fallen.isEmpty {
      try Files.expectTarget(page.path)
      let again = try Confirmation(first, comparison.pairs[0]).measure()
      found?.confirm(again.experiments, against: named[0].results) { id in
        again.experiments.first { $0.id == id }?.firstReason ?? "it has no interval"
      }
      try page.write(again)
    }
    try page.write(comparison, gate: found, inputs: inputs)
    if let found { try Console.result("\n" + GateText.render(found)) }
    Console.note("page: \(page.path)")
    guard let found, found.isClosed else { return }
    let fallen = found.fallen.count(where: \.stands)
    if fallen == 0 { throw LabError.aboveLimits(count: found.risen.count(where: \.isJudged)) }
    throw LabError.regressed(count: fallen, share: Figures.short(found.share * 100) + "%")
  }

  private func check(_ comparison: Comparison, isGated: Bool) throws(LabError) {
    for pair in comparison.pairs {
      if pair.candidates.isEmpty {
        let again = pair.experiments.contains(where: \.isOneMeasurement)
        throw .incomparable(
          again
            ? "\(pair.right.name) holds the same measurements as \(pair.left.name); measure again"
            : "\(pair.left.name) and \(pair.right.name) have no measured experiment in common")
      }
      if isGated && !pair.isSameMachine {
        throw .invalid(
          "--gate is for one machine before and after a change; \(pair.left.name) is "
            + "\(pair.left.results.machine.processor) and \(pair.right.name) "
            + "\(pair.right.results.machine.processor)"
            + ", or they differ in cores, caches or hypervisor")
      }
    }
  }

  /// `5%`, `5 %` and `5` are five hundredths.
  static func share(_ text: String) throws(LabError) -> Double {
    let digits = text.hasSuffix("%") ? String(text.dropLast()) : text
    let number = Double(digits.filter { $0 != " " })
    guard let number, number.isFinite, number >= 100 * Gate.smallestShare, number < 100 else {
      throw .invalid(
        "--gate takes a percentage such as 5% (at least 2%, the smallest difference judged, and "
          + "below 100%), not '\(text)'")
    }
    return number / 100
  }
}

extension ExperimentResult {
  /// Why it, or the first of its points or candidates without a value, has none.
  fileprivate var firstReason: String? {
    reason ?? points.compactMap(\.reason).first
      ?? points.flatMap(\.candidates).compactMap(\.reason).first
  }
}
