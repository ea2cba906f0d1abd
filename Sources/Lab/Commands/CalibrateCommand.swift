import ArgumentParser
import Harness
import Platform
import Results

struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Measure kernels of known ratio, to see how far the verdicts can be trusted here.",
    discussion: """
      Identical kernels and planted slowdowns go the way of every experiment. Each call adds or \
      replaces one series in Reports/<machine>/calibration.json: its preset in its surroundings. \
      An interrupted run keeps what it has.
      """)

  @Option(help: "How precise, and how long: quick, standard or thorough.")
  var preset = "quick"

  @Option(help: "Comparisons of each kind of kernel in each pair.")
  var comparisons = 20

  @Option(help: "Kinds of kernel, separated by commas (default: all).")
  var kinds: String?

  @Option(help: "Pairs, separated by commas: same, copy, slower-1, … (default: all).")
  var pairs: String?

  @Option(help: "A busy neighbour on the other core, on the same core, or none.")
  var neighbour = CalibrationSeries.Neighbour.none

  @Flag(inversion: .prefixedNo, help: "Keep threads on their processors.")
  var pinning = true

  @Option(help: "Seed of every random choice (default: drawn, and printed).")
  var seed: UInt64?

  @Option(help: "Processors to measure on, the first one measures: '2,3,4-7'.")
  var cpus: String?

  @OptionGroup var folder: FolderOptions

  func validate() throws {
    guard comparisons >= 1 else { throw ValidationError("--comparisons takes 1 or more.") }
  }

  func run() throws {
    let preset = try Preset.named(preset)
    if !LabContext.current.mayMeasure { throw LabError.debugBuild }
    let lock = try FolderLock(folder.store.folder)
    defer { lock.release() }
    let allowed = try Affinity.allowed()
    let setting = try Setting.current(cpus: cpus, machineName: folder.machine)
    try folder.store.expect(setting.machine)
    let known = try CalibrationKit(LabContext.current.kit).chosen(kinds: kinds, pairs: pairs)
    let company = try Neighbour(neighbour, cpus: setting.cpus, allowed: allowed)
    defer { company?.leave() }
    var session = try CalibrationSession(
      kit: known, preset: preset, comparisons: comparisons, setting: setting,
      store: CalibrationStore(folder: folder.store.folder), seed: seed, neighbour: neighbour,
      isPinned: pinning)
    try session.run()
  }
}

extension CalibrationSeries.Neighbour: ExpressibleByArgument {}
