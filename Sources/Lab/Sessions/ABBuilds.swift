import Glibc
import Harness
import Platform
import Results

/// Two builds of one laboratory in turns: another executable, and this one.
struct ABBuilds {
  private let path: String
  private let sides: [ABComparison.Side]
  private let preset: Preset
  private let setting: Setting
  private let seed: UInt64
  private let comparesResults: Bool
  private let patterns: [String]

  init(against path: String, _ options: ABBuildOptions, _ common: ABCommonOptions) throws {
    guard LabContext.current.mayMeasure else { throw LabError.debugBuild }
    guard Files.exists(path) else { throw LabError.invalid("\(path) does not exist") }
    guard access(path, X_OK) == 0, !Files.isFolder(path) else {
      throw LabError.invalid("\(path) can't be run; --against takes an executable")
    }
    // Relative to this folder, wherever the worker is started.
    self.path = RelativePath.resolved(path)
    sides = try Self.sides(options.names, path)
    preset = try Preset.named(common.preset)
    patterns = try Selection.patterns(in: options.only)
    comparesResults = !common.ignoreOutput
    seed = common.seed ?? UInt64.random(in: 0..<1 << 32)
    setting = try Setting.current(cpus: common.cpus, machineName: nil)
  }

  private static func sides(
    _ names: String?, _ path: String
  ) throws(LabError) -> [ABComparison.Side] {
    guard let names else { return [.init(name: path), .init(name: "this build")] }
    let sides: [ABComparison.Side]? = StoredJSON.decodeIfPossible(Array(names.utf8))
    guard let sides, sides.count == 2 else { throw .invalid("--names takes two sides as JSON") }
    return sides
  }

  func measure() throws -> ABComparison {
    var comparison = ABComparison(
      kind: .builds, run: setting.run(preset: preset.name, seed: seed), machine: setting.machine,
      conditions: setting.conditions, sides: sides)
    let own = try Executable.itself()
    if try Files.read(own) == Files.read(path) {
      comparison.notes.append(
        "The two executables are identical, so that nothing was measured.")
      return comparison
    }
    let launch = WorkerLaunch(
      path: path, arguments: setting.launch.arguments, environment: setting.launch.environment)
    let outline: Outline
    do { outline = try launch.outline() } catch {
      throw LabError.incomparable(
        "\(sides[0].name) can't be compared with \(sides[1].name): \(error); it must be built from "
          + "the same experiments with a perflab of the same time")
    }
    try check(outline.flags, &comparison)
    Interrupt.catchSignals()
    Console.note(
      "\(sides[0].name) → \(sides[1].name), preset \(preset.name), seed \(seed), measuring on "
        + "processor \(setting.cpus.map(String.init).joined(separator: ", "))")
    let (matches, missing) = try matches(with: outline)
    comparison.missing = missing
    var series = ABSeries(
      matches, orchestrator: orchestrator(seed), first: launch, comparesResults: comparesResults)
    let isThrough = try series.measure()
    comparison.rows = series.rows
    comparison.missing += series.missing
    comparison.correct()
    guard isThrough else { return try ended(comparison, isComplete: false) }
    guard try count(matches, first: launch, &comparison) else {
      return try ended(comparison, isComplete: false)
    }
    let suspects = comparison.suspects
    guard !suspects.isEmpty else { return try ended(comparison, isComplete: true) }
    Console.note(
      "\(suspects.count) \(suspects.count == 1 ? "difference" : "differences"), measuring again")
    var again = ABSeries(
      matches.compactMap { $0.narrowed(to: suspects) }, orchestrator: orchestrator(seed &+ 1),
      first: launch, comparesResults: comparesResults)
    let isConfirmed = try again.measure()
    if isConfirmed { comparison.confirm(again.rows) }
    comparison.missing += again.missing
    return try ended(comparison, isComplete: isConfirmed)
  }

  /// What calls ask for on both sides, where that differs.
  /// - Returns: false if it was interrupted.
  private func count(
    _ matches: [BuildMatch], first: WorkerLaunch, _ comparison: inout ABComparison
  ) throws -> Bool {
    let counting = CallCounting(facilities: setting.facilities, cpus: setting.cpus, seed: seed)
    for match in matches {
      let builds = [WorkerBuild(first, variants: match.before), WorkerBuild(setting.launch)]
      for index in match.variants {
        let (id, name) = (match.experiment.id, match.experiment.variants[index].name)
        do throws(PointFailure) {
          var sides: [[CallCount]] = []
          for build in builds {
            if let found = try counting.counts(of: index, in: match.experiment, by: build) {
              sides.append(found)
            }
          }
          guard sides.count == 2 else { continue }
          comparison.counts += zip(sides[0], sides[1]).compactMap {
            ABCountChange(experiment: id, variant: name, before: $0, after: $1)
          }
        } catch .worker(.interrupted, _) {
          return false
        } catch {
          comparison.missing.append(
            .init(side: nil, place: "counts of \(id), \(name)", reason: "\(error)"))
        }
      }
    }
    return true
  }

  private func ended(
    _ found: ABComparison, isComplete: Bool
  ) throws(LabError) -> ABComparison {
    var comparison = found
    comparison.isComplete = isComplete
    guard !comparison.rows.isEmpty else {
      if !isComplete { throw .interruptedComparison(hasRows: false) }
      let reason = comparison.missing.first.map { "\($0.place): \($0.reason)" }
      throw .incomparable(reason ?? "the two builds have no measured experiment in common")
    }
    return comparison
  }

  private func check(_ flags: BuildFlags, _ comparison: inout ABComparison) throws(LabError) {
    guard flags.optimised || LabContext.current.measuresInDebug else {
      throw .incomparable("\(sides[0].name) is a debug build, whose times are meaningless")
    }
    if flags != setting.flags {
      comparison.notes.append(
        "The builds have different compilers or flags (\(flags.compiler) "
          + "\(flags.instructionSet), \(setting.flags.compiler) \(setting.flags.instructionSet)), "
          + "which is part of every ratio.")
    }
  }

  private func orchestrator(_ seed: UInt64) -> Orchestrator {
    Orchestrator(
      preset: preset.inTurns, seed: seed, cpus: setting.cpus, machine: setting.machine,
      facilities: setting.facilities, launch: setting.launch)
  }

  private func matches(
    with outline: Outline
  ) throws -> (matches: [BuildMatch], missing: [ABComparison.Missing]) {
    let catalog = LabContext.current.catalog
    let known = Set(catalog.map(\.id))
    // Those of the catalog alone: a kit is no part of what can be selected.
    let others = outline.experiments.map(\.id).filter { !known.contains($0) }
    let chosen = try Selection.ids(matching: patterns, in: catalog.map(\.id) + others)
    var matches: [BuildMatch] = []
    var missing: [ABComparison.Missing] = []
    for experiment in catalog where chosen.contains(experiment.id) {
      let found = BuildMatch.match(
        experiment.fitted(to: setting.facilities),
        with: outline.experiments.first { $0.id == experiment.id })
      if let match = found.match {
        matches.append(match.fitted(to: preset))
      } else {
        missing += found.missing
      }
    }
    missing += others.filter(chosen.contains).map {
      ABComparison.Missing(side: 1, place: $0, reason: "no such experiment there")
    }
    return (matches, missing)
  }
}
