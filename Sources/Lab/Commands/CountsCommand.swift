import ArgumentParser
import Glibc
import Harness
import Platform
import Rendering
import Results

struct CountsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "counts",
    abstract: "Count cache hits and misses of an experiment, by cache level.",
    discussion: """
      Uses the processor's counters if available. Otherwise valgrind's cachegrind simulates \
      caches of this machine's sizes, about a hundred times slower than the kernels, and the \
      page says so. It does not support AVX-512: 'make counts' makes a build without it. The \
      counts are stored in Reports/<machine>/counts/ and shown on the experiment's page.
      """)

  @Argument(help: "Ids or patterns: 'memory/cache-levels'.")
  var patterns: [String]

  @Option(help: "Values of the sweep by their labels, separated by commas (default: all).")
  var at: String?

  @Option(help: "Seed of the inputs.")
  var seed: UInt64 = 1

  @Option(help: "Seconds after which a counted process is killed.")
  var timeout: Double = 300

  @OptionGroup var folder: FolderOptions

  func run() throws {
    let setting = try folder.setting(cpus: nil)
    let catalog = LabContext.current.catalog
    let experiments = try Selection.experiments(matching: patterns, in: catalog)
      .map { $0.fitted(to: setting.facilities) }
    let labels = at?.split(separator: ",").map(String.init) ?? []
    for experiment in experiments {
      let known = experiment.sweep.values.map(\.label)
      if let unknown = labels.first(where: { !known.contains($0) }) {
        throw LabError.invalid(
          "\(experiment.id) has no point '\(unknown)'; it has \(known.joined(separator: ", "))")
      }
    }
    guard LabContext.current.mayMeasure else { throw LabError.debugBuild }
    let lock = try FolderLock(folder.store.folder)
    defer { lock.release() }
    try folder.store.expect(setting.machine)
    let counter = try CountsTool.current(for: setting.machine)
    Interrupt.catchSignals()
    let store = CountsStore(folder: folder.store.folder)
    for experiment in experiments {
      let counts = try count(experiment, at: labels, by: counter, setting)
      try store.save(counts)
      Console.note("counts: \(store.path(of: experiment.id))")
    }
    let results = folder.store
    if results.exists { try Pages.write(try results.loadAndTell(), to: results.folder) }
  }

  private func count(
    _ experiment: Experiment, at labels: [String], by counter: CountsTool, _ setting: Setting
  ) throws -> CacheCounts {
    var launch = setting.launch
    launch.arguments = []
    launch.timeout = timeout
    let counting = CacheCounting(
      experiment, method: counter.method, launch: launch, facilities: setting.facilities,
      cpus: setting.cpus, seed: seed)
    var counts = CacheCounts(
      experiment: experiment.id, source: counter.source, tool: counter.name,
      run: setting.run(preset: "counts", seed: seed), caches: counter.caches,
      axis: experiment.sweep.axis)
    defer { Console.clearStatus() }
    do {
      counts.points = try counting.points(at: labels) { point, variant in
        let text = "\(experiment.id) · \(point) · \(variant)"
        Console.errorIsTerminal ? Console.status(text) : Console.note("counting " + text)
      }
    } catch { throw LabError.interruptedCounts(experiment.id) }
    let variants = counts.points.flatMap(\.variants)
    if let reason = variants.first?.missing, variants.allSatisfy({ $0.missing != nil }) {
      throw LabError.cannotCount("nothing of \(experiment.id) could be counted: \(reason)")
    }
    return counts
  }
}

/// What counts here.
struct CountsTool {
  let source: CacheCounts.Source
  let name: String
  let caches: [Machine.Cache]
  let method: CacheCounting.Method

  /// The processor's counters where there are any, else cachegrind.
  static func current(for machine: Machine) throws -> CountsTool {
    if CacheCounting.hasHardware {
      return CountsTool(
        source: .hardware, name: "perf_event_open, user mode", caches: [], method: .hardware)
    }
    guard let valgrind = Executable.find("valgrind") else {
      throw LabError.cannotCount(
        "this processor has no hardware counters, and valgrind is not installed; "
          + "install the package valgrind")
    }
    guard !Build.features.contains(where: { $0.hasPrefix("avx512") }) else {
      throw LabError.cannotCount(
        "valgrind does not support AVX-512, for which this perflab was built; "
          + "run 'make counts ONLY=…', which builds for x86-64-v3")
    }
    let caches = Cachegrind.caches(of: machine)
    guard caches.count >= 2 else {
      throw LabError.cannotCount(
        "the system does not report the caches' associativity, which cachegrind needs")
    }
    return CountsTool(
      source: .simulated, name: Executable.version(of: valgrind) + "cachegrind", caches: caches,
      method: .simulation(
        tool: valgrind, laboratory: try Executable.itself(), caches: caches, output: written))
  }

  /// Provides the path of a file that does not exist yet, and reads and removes the file.
  private static func written(_ write: (String) throws -> Void) throws -> String {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let path = "\(folder)/perflab-\(getpid()).cachegrind"
    defer { unlink(path) }
    try write(path)
    return try Files.text(path)
  }
}

/// Programs on this machine.
extension Executable {
  /// Where a shell would find it.
  static func find(_ name: String) -> String? {
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    return path.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  /// The file that this process runs.
  static func itself() throws(LabError) -> String {
    guard let path = path() else {
      throw .unreadable(path: "/proc/self/exe", reason: "errno \(errno)")
    }
    return path
  }

  /// `valgrind-3.19.0 ` as the program says it of itself; empty where it says nothing.
  static func version(of program: String) -> String {
    let child = try? ChildProcess(
      path: program, arguments: ["--version"], environment: Environment.variables())
    guard let child else { return "" }
    // It says nothing on the pipe of a worker: its end is what is waited for.
    _ = try? child.readLine(within: 10)
    let words = child.lastWords().split(whereSeparator: \.isNewline).first.map(String.init)
    return words.map { $0 + " " } ?? ""
  }
}
