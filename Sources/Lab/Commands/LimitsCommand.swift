import ArgumentParser
import Harness
import Platform
import Rendering
import Results

struct LimitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "limits",
    abstract: "Record and check how often calls allocate, retain and enter the kernel.",
    discussion: """
      Counts hold on any machine, so that they can be checked on one that is too noisy for times. \
      The file has a line for each experiment, variant and count, by compiler, and belongs into \
      the repository. 'check' exits with 1 if a count is larger than its limit allows. A count \
      that varies from call to call is shown with its range, and judged only where the file says \
      by how much it may be larger.
      """,
    subcommands: [Record.self, Check.self])

  struct Options: ParsableArguments {
    @Argument(help: "Ids or patterns such as 'memory/*' (default: all).")
    var patterns: [String] = []

    @Option(help: "The file of limits.")
    var file = "perflab-limits.txt"

    @Option(help: "Processors to use, the measuring one first: '2,3,4-7'.")
    var cpus: String?

    func validate() throws {
      if file.isEmpty { throw ValidationError("--file takes a file such as perflab-limits.txt") }
    }
  }

  struct Record: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Count, and write the limits; those of other compilers and experiments stay.")

    @OptionGroup var options: Options

    @Option(help: "The share by which exact counts may be larger: '5%'.")
    var allow = "0%"

    func run() throws { try LabError.gated(record) }

    private func record() throws {
      let share = try LimitsCommand.share(allow)
      let session = try LimitsSession(options)
      var file = try LimitsFile(path: options.file).load()
      try Files.expectTarget(options.file)
      let all = try session.counted()
      let new = all.flatMap { counted in
        (counted.counts ?? []).compactMap { count -> CountLimits.Limit? in
          guard let range = count.range else { return nil }
          return CountLimits.Limit(
            experiment: counted.experiment, variant: counted.variant, metric: count.name,
            range: range, allowed: count.isExact ? share : nil)
        }
      }
      let released = file.record(new, for: LimitsCommand.compiler)
      try LimitsFile(path: options.file).save(file)
      for limit in released { try Console.line(LimitsText.released(limit)) }
      let varying = new.count { $0.allowed == nil }
      try Console.line(
        "\(new.count) counts for \(LimitsCommand.compiler), of which \(varying) vary: \(options.file)"
      )
      try LimitsCommand.expectNoFailure(all)
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Count, and compare with the limits.")

    @OptionGroup var options: Options

    func run() throws { try LabError.gated(check) }

    private func check() throws {
      let path = options.file
      guard Files.exists(path) else {
        throw LabError.incomparable(
          "there is no file of limits \(path); write one with '\(Lab.program) limits record'")
      }
      let file = try LimitsFile(path: path).load()
      guard let limits = file.limits(of: LimitsCommand.compiler) else {
        let known = file.sections.map(\.compiler).joined(separator: ", ")
        throw LabError.incomparable(
          "\(path) has limits for \(known.isEmpty ? "no compiler" : known), and this is "
            + "\(LimitsCommand.compiler); add them with '\(Lab.program) limits record'")
      }
      let session = try LimitsSession(options)
      let counted = try session.counted()
      var above = 0
      for limit in limits
      where options.patterns.isEmpty || session.ids.contains(limit.experiment) {
        let variant = counted.first {
          $0.experiment == limit.experiment && $0.variant == limit.variant
        }
        if let variant, variant.counts == nil { continue }
        let finding: CountLimits.Finding =
          variant == nil && session.knows(limit)
          ? .uncounted(reason: "this machine can't run it")
          : CountLimits.check(limit, variant?.counts?.first { $0.name == limit.metric })
        if case .above = finding { above += 1 }
        if let line = LimitsText.line(limit, finding) { try Console.line(line) }
      }
      try LimitsCommand.tellUnlimited(counted, limits)
      if above > 0 { throw LabError.aboveLimits(count: above) }
      try LimitsCommand.expectNoFailure(counted)
      try Console.line("no count is above its limit")
    }
  }

  /// `Swift 6.3`: what it says of its own Clang does not matter.
  private static var compiler: String { String(Build.compiler.prefix { $0 != "," }) }

  /// Variants that the file does not know yet.
  private static func tellUnlimited(
    _ counted: [LimitsSession.Counted], _ limits: [CountLimits.Limit]
  ) throws {
    for one in counted
    where one.counts != nil
      && !limits.contains(where: {
        $0.experiment == one.experiment && $0.variant == one.variant
      })
    {
      try Console.line("\(one.experiment), \(one.variant): no limits recorded")
    }
  }

  /// What failed may be above its limit.
  private static func expectNoFailure(_ counted: [LimitsSession.Counted]) throws(LabError) {
    let failed = counted.count { $0.counts == nil }
    guard failed > 0 else { return }
    throw .incomparable(
      "\(failed) \(failed == 1 ? "variant" : "variants") could not be counted; see above")
  }

  /// `0%`, `5%`.
  private static func share(_ text: String) throws(LabError) -> Double {
    let digits = text.hasSuffix("%") ? String(text.dropLast()) : text
    guard let number = Double(digits.filter { $0 != " " }), number >= 0, number.isFinite else {
      throw .invalid("--allow takes a percentage such as 5%, not '\(text)'")
    }
    return number / 100
  }
}
