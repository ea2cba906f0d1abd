import ArgumentParser
import Harness
import Platform
import Results

struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Test the verdicts on this machine with kernels of known speedup.",
    discussion: """
      Identical kernels and planted slowdowns are measured like every experiment. Each call adds \
      or replaces one series in Reports/<machine>/calibration.json: one preset in one environment. \
      An interrupted run keeps the comparisons taken so far. At the end some pairs, and the \
      experiments of --only, are measured in two sessions, one after the other: what a second run \
      would say.
      """)

  @Option(help: "Precision and duration: quick, standard or thorough.")
  var preset = "quick"

  @Option(help: "Comparisons per kind of kernel and pair; 0 for the two sessions alone.")
  var comparisons = 20

  @Option(help: "Kinds of kernel, separated by commas (default: all).")
  var kinds: String?

  @Option(help: "Pairs, separated by commas: same, copy, slower-1, … (default: all).")
  var pairs: String?

  @Option(help: "Experiments to measure twice as well, separated by commas.")
  var only: String?

  @Option(help: "A noisy neighbour: none, other (on another core) or same (on the same core).")
  var neighbour = CalibrationSeries.Neighbour.none

  @Flag(inversion: .prefixedNo, help: "Pin threads to their processors.")
  var pinning = true

  @Option(help: "Seed of every random choice (default: random, and printed).")
  var seed: UInt64?

  @Option(help: "Processors to use, the measuring one first: '2,3,4-7'.")
  var cpus: String?

  @OptionGroup var folder: FolderOptions

  func validate() throws {
    guard comparisons >= 0 else { throw ValidationError("--comparisons takes 0 or more.") }
    let isQuiet = neighbour == .none && pinning
    guard isQuiet || comparisons > 0 else {
      throw ValidationError(
        "With --neighbour or --no-pinning there are no two sessions: --comparisons takes 1 or more."
      )
    }
    guard isQuiet || only == nil else {
      throw ValidationError(
        "--only names experiments for the two sessions, which --neighbour and --no-pinning omit.")
    }
  }

  func run() throws {
    let preset = try Preset.named(preset)
    if !LabContext.current.mayMeasure { throw LabError.debugBuild }
    let lock = try FolderLock(folder.store.folder)
    defer { lock.release() }
    let allowed = try Affinity.allowed()
    let setting = try folder.setting(cpus: cpus)
    try folder.store.expect(setting.machine)
    let known = try CalibrationKit(LabContext.current.kit).chosen(kinds: kinds, pairs: pairs)
    let patterns = try Selection.patterns(in: only)
    let repeated =
      patterns.isEmpty
      ? [] : try Selection.experiments(matching: patterns, in: LabContext.current.catalog)
    if let other = repeated.first(where: { $0.evidence != .measured }) {
      throw LabError.invalid(
        "--only takes experiments that are measured; \(other.id) is \(other.evidence.rawValue)")
    }
    let company = try Neighbour(neighbour, cpus: setting.cpus, allowed: allowed)
    defer { company?.leave() }
    var session = try CalibrationSession(
      kit: known, repeated: repeated, preset: preset, comparisons: comparisons, setting: setting,
      store: CalibrationStore(folder: folder.store.folder), seed: seed, neighbour: neighbour,
      isPinned: pinning)
    try session.run()
  }
}

extension CalibrationSeries.Neighbour: ExpressibleByArgument {}
