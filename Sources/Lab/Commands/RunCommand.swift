import ArgumentParser
import Harness
import Platform
import Results

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run experiments and write their reports.",
    discussion: """
      Results are saved after every experiment; an interrupted run goes on with --resume. \
      The pages lie under Reports/<machine>/.
      """)

  @Argument(help: "Ids or patterns such as 'memory/*'; all without one.")
  var patterns: [String] = []

  @Option(help: "More ids or patterns, separated by commas.")
  var only: String?

  @Option(help: "How precise, and how long: quick, standard or thorough.")
  var preset = "standard"

  @Option(help: "Seed of every random choice (default: drawn, and printed).")
  var seed: UInt64?

  @Option(help: "Processors to measure on, the first one measures: '2,3,4-7'.")
  var cpus: String?

  @Flag(help: "Keep what an interrupted run has measured, and go on after it.")
  var resume = false

  @Flag(help: "Run every experiment once at its smallest size; writes nothing.")
  var smoke = false

  @OptionGroup var folder: FolderOptions

  func run() throws {
    let patterns = self.patterns + (only?.split(separator: ",").map(String.init) ?? [])
    let experiments = try Selection.experiments(
      matching: patterns, in: LabContext.current.catalog)
    let preset = smoke ? .smoke : try Preset.named(preset)
    if !smoke && !LabContext.current.mayMeasure { throw LabError.debugBuild }
    // First of all, so that a folder that can't be written is found out before minutes are spent.
    let lock = try FolderLock(smoke ? nil : folder.store.folder)
    defer { lock.release() }
    let setting = try Setting.current(cpus: cpus, machineName: folder.machine)
    var session = try RunSession(
      experiments: experiments, preset: preset, setting: setting, store: folder.store,
      seed: seed, resume: resume
    ) {
      // Predictions are made from the numbers, so that these come first.
      let taking = NumberTaking(setting: setting, folder: folder.store.folder)
      return smoke ? [:] : try taking.current().byName
    }
    try session.run()
  }
}
