import ArgumentParser
import Harness
import Platform
import Prices
import Results

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run experiments and write their reports.",
    discussion: """
      Results are saved after every experiment; --resume continues an interrupted run and keeps \
      all of its samples. The pages are written to Reports/<machine>/.
      """)

  @Argument(help: "Ids or patterns such as 'memory/*' (default: all).")
  var patterns: [String] = []

  @Option(help: "More ids or patterns, separated by commas.")
  var only: String?

  @Option(
    help: """
      Precision and duration: quick, standard or thorough (default: standard; with --resume that \
      of the interrupted run).
      """)
  var preset: String?

  @Option(help: "Seed of every random choice (default: random, and printed).")
  var seed: UInt64?

  @Option(help: "Processors to use, the measuring one first: '2,3,4-7'.")
  var cpus: String?

  @Option(
    help: """
      Folder for the files of storage experiments (default: PERFLAB_SCRATCH, else TMPDIR, else \
      /var/tmp).
      """)
  var scratch: String?

  @Option(help: "File of prices that take precedence over perflab's own; see 'perflab prices'.")
  var prices: String?

  @Flag(help: "Continue an interrupted run, keeping what it has measured.")
  var resume = false

  @Flag(help: "Run every experiment once at its smallest size; writes nothing.")
  var smoke = false

  @OptionGroup var folder: FolderOptions

  func run() throws {
    let patterns = try self.patterns + Selection.patterns(in: only)
    let experiments = try Selection.experiments(
      matching: patterns, in: LabContext.current.catalog)
    let preset = smoke ? .smoke : try Preset.named(preset ?? interruptedPreset() ?? "standard")
    if !smoke && !LabContext.current.mayMeasure { throw LabError.debugBuild }
    if let prices { try PriceBook.choose(path: prices) }
    if let scratch {
      do { try ScratchFolder.choose(scratch) } catch { throw LabError.invalid("\(error)") }
    }
    // First, so that a folder that can't be written fails before minutes are spent.
    let lock = try FolderLock(smoke ? nil : folder.store.folder)
    defer { lock.release() }
    let setting = try folder.setting(cpus: cpus)
    if let note = Self.storageNote(experiments, setting.facilities) { Console.note(note) }
    var session = try RunSession(
      experiments: experiments, preset: preset, setting: setting, store: folder.store,
      seed: seed, resume: resume
    ) {
      // The numbers come first: predictions are computed from them.
      let taking = NumberTaking(setting: setting, folder: folder.store.folder)
      return smoke ? [:] : try taking.current(for: experiments).byName
    }
    try session.run()
  }

  private func interruptedPreset() throws -> String? {
    guard resume else { return nil }
    let record: RunRecord? = try StoredJSON.loadIfThere(folder.store.runPath)
    return record?.run.preset
  }

  /// What will be skipped since scratch folders have no room for it or lie on no disk: known before
  /// minutes are spent on the machine's numbers. Nil where that is nothing.
  private static func storageNote(
    _ experiments: [Experiment], _ facilities: Facilities
  ) -> String? {
    let refused = experiments.compactMap { experiment -> (id: String, reason: String)? in
      let needs = experiment.needs.filter { need in
        switch need {
        case .storage, .disk: true
        default: false
        }
      }
      return facilities.unmet(needs).first.map { (experiment.id, $0) }
    }
    guard let first = refused.first else { return nil }
    let count = "\(refused.count) of \(experiments.count) experiments"
    let (comma, such) = refused.count > 1 ? (",", " such as") : (":", "")
    return "\(count) will be skipped\(comma)\(such) \(first.id): \(first.reason)"
  }
}
