import ArgumentParser
import Harness
import Platform
import Results

struct ABCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ab",
    abstract: "Measure two commands, or two builds of your experiments, in turns.",
    discussion: """
      Two commands, whole processes, each in quotes:
        ab 'sort big.txt' -- 'sort --parallel=1 big.txt'
      Two revisions of the package in this folder, built for this and kept for the next time:
        ab --base main
        ab --base v1.2 --head HEAD --only 'sessions/*' --gate 3%
      Another executable of the same experiments, built by yourself:
        ab --against ../before/.build/release/bench

      Both sides take turns within seconds, and the first is also compared with itself: this null \
      shows what noise alone can do. --base compares the working tree, with all uncommitted \
      changes, unless --head names a revision. Of builds, what is faster or slower is measured a \
      second time and counts only if it is found again.

      Exit codes: 0 nothing slower than the gate allows, 1 something is, 64 wrong usage, 65 \
      nothing could be compared.
      """)

  @Argument(help: "Two commands, separated by '--'.")
  var commands: [String] = []

  @OptionGroup(title: "Builds") var builds: ABBuildOptions
  @OptionGroup(title: "Commands") var processes: ABCommandOptions
  @OptionGroup(title: "Measuring and results") var common: ABCommonOptions

  func run() throws { try LabError.gated(compare) }

  private func compare() throws {
    let gate = try common.gate.map(CompareCommand.share)
    let isOfBuilds = builds.base != nil || builds.head != nil || builds.against != nil
    if isOfBuilds && !commands.isEmpty {
      throw LabError.invalid("ab takes two commands or two builds, not both")
    }
    try common.expectWritable()
    let found: ABComparison
    if let against = builds.against {
      guard builds.base == nil, builds.head == nil else {
        throw LabError.invalid("--against names what --base builds; use one of them")
      }
      found = try ABBuilds(against: against, builds, common).measure()
    } else if isOfBuilds {
      // Never returns where there is something to measure: the second build does it.
      found = try RevisionPair(builds).handOver(common)
    } else {
      found = try ABCommands(commands, processes, common).measure()
    }
    try common.finish(found, gate: gate)
  }
}

struct ABCommonOptions: ParsableArguments {
  @Option(help: "Precision and duration: quick, standard or thorough.")
  var preset = "standard"

  @Option(help: "Seed of every random choice (default: random, and printed).")
  var seed: UInt64?

  @Option(help: "Processors to use, the measuring one first: '2,3,4-7'.")
  var cpus: String?

  @Option(help: "Exit with 1 if something is slower by more than this: '3%'.")
  var gate: String?

  @Option(help: "A Markdown file to write, short enough for a pull request's comment.")
  var out: String?

  @Option(help: "A JSON file to write.")
  var json: String?

  @Flag(help: "Do not require that both sides give the same output or result.")
  var ignoreOutput = false

  /// The same as words of a command line, for another process.
  var words: [String] {
    var words = ["--preset", preset]
    for (name, value) in [
      ("--seed", seed.map(String.init)), ("--cpus", cpus), ("--gate", gate), ("--out", out),
      ("--json", json),
    ] {
      words += value.map { [name, $0] } ?? []
    }
    return words + (ignoreOutput ? ["--ignore-output"] : [])
  }

  func validate() throws {
    if let out, !out.hasSuffix(".md") {
      throw ValidationError("--out takes a Markdown file such as ab.md, not '\(out)'")
    }
    if json?.isEmpty == true { throw ValidationError("--json takes a file such as ab.json") }
  }

  /// Asked before anything is built or measured.
  func expectWritable() throws(LabError) {
    for path in [out, json].compactMap(\.self) { try Files.expectTarget(path) }
  }

  /// Writes and prints what was found, and decides.
  func finish(_ comparison: ABComparison, gate: Double?) throws {
    try ABFile(markdown: out, json: json).write(comparison, gate: gate)
    guard comparison.isComplete else { throw LabError.interruptedComparison(hasRows: true) }
    guard let gate else { return }
    let slower = comparison.slower(by: gate).count
    if slower > 0 { throw LabError.slower(count: slower, share: gate) }
    let risen = comparison.risen(by: gate).count
    if risen > 0 { throw LabError.aboveLimits(count: risen) }
  }
}

struct ABCommandOptions: ParsableArguments {
  @Option(
    help: "A command to run before each run, untimed; given twice, one for each of the commands.")
  var prepare: [String] = []

  @Option(help: "A file as standard input; given twice, one for each (default: none).")
  var input: [String] = []

  @Option(help: "The shell that runs the commands, or 'none' to start the programs themselves.")
  var shell = "sh"

  @Option(help: "Seconds after which no round begins (default: 5, 20 or 90 by the preset).")
  var seconds: Double?

  @Flag(help: "Go on if a command ends with another exit code than 0.")
  var ignoreFailure = false
}

struct ABBuildOptions: ParsableArguments {
  @Option(help: "The revision to compare with: a branch, a tag, a commit.")
  var base: String?

  @Option(help: "The other revision (default: the working tree).")
  var head: String?

  @Option(help: "An executable with the same experiments to compare with.")
  var against: String?

  @Option(help: "Ids or patterns such as 'memory/*', separated by commas (default: all).")
  var only: String?

  @Option(help: "The product that holds the experiments (default: this program's name).")
  var product: String?

  @Option(
    help: """
      A shell command that builds a revision in its folder, instead of 'swift build'; it must \
      leave the executable at --executable.
      """)
  var build: String?

  @Option(help: "Where --build leaves the executable, from the package's folder.")
  var executable: String?

  @Option(help: "Where builds are kept (default: ~/.cache/perflab/ab).")
  var cache: String?

  @Option(name: .customLong("names"), help: .hidden)
  var names: String?
}
