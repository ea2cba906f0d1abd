import ArgumentParser
import Harness
import Platform
import Rendering
import Results

struct FlameCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flame",
    abstract: "Profile an experiment's variants and draw flame graphs.",
    discussion: """
      Stacks are sampled by perf_event, or by SIGPROF if perf_event is not allowed. Folded stacks \
      and flame graphs are written to Reports/<machine>/flame/, and shown on the experiment's \
      page if it was run.
      """)

  @Argument(help: "The experiment's id: 'cpu/hot-path'.")
  var id: String

  @Option(help: "One variant (default: all).")
  var variant: String?

  @Option(help: "A point of the sweep, as the page labels it (default: the last).")
  var point: String?

  @Option(help: "Seconds per variant.")
  var seconds = 1.0

  @Option(help: "Processors to use, the measuring one first: '2,3,4-7'.")
  var cpus: String?

  @OptionGroup var folder: FolderOptions

  func validate() throws {
    guard seconds > 0, seconds <= 60 else { throw ValidationError("--seconds takes 0 to 60.") }
  }

  func run() throws {
    let setting = try folder.setting(cpus: cpus)
    let experiment = try Selection.experiment(id, in: LabContext.current.catalog)
      .fitted(to: setting.facilities)
    let variants = try chosenVariants(of: experiment)
    let parameter = try chosenPoint(of: experiment)
    if !LabContext.current.mayMeasure { throw LabError.debugBuild }
    let needs = experiment.needs + experiment.sweep.needs(parameter.value)
    if let unmet = setting.facilities.unmet(needs).first {
      throw LabError.noProfile(id: id, reason: unmet)
    }
    Interrupt.catchSignals()
    let store = folder.store
    let lock = try FolderLock(store.folder)
    defer { lock.release() }
    try store.expect(setting.machine)
    let session = ProfileSession(
      experiment, cpus: setting.cpus, launch: setting.launch, seed: .random(in: 0..<1 << 32))
    for index in variants {
      let name = experiment.variants[index].name
      if let unmet = setting.facilities.unmet(experiment.variants[index].needs).first {
        Console.note("\(name) is skipped: \(unmet)")
        continue
      }
      let profile: Profile
      do {
        profile = try session.profile(variant: index, at: parameter, seconds: seconds)
      } catch { throw LabError.noProfile(id: "\(id), \(name)", reason: "\(error)") }
      try ProfileStore(folder: store.folder).keep(profile, of: id)
      Console.note(
        "\(name): \(profile.samples) stacks in \(profile.calls) calls by \(profile.clock)")
    }
    try writePages(store, axis: experiment.sweep.axis)
  }

  private func writePages(_ store: ResultsStore, axis: String) throws {
    if let set = try ProfileStore(folder: store.folder).loadIfThere(id) {
      for file in try Pages.write(set, axis: axis, to: store.folder) {
        try Console.result("\(store.folder)/\(file.path)\n")
      }
    }
    if store.exists { try Pages.write(try store.loadAndTell(), to: store.folder) }
  }

  private func chosenVariants(of experiment: Experiment) throws(LabError) -> [Int] {
    guard let variant else { return Array(experiment.variants.indices) }
    guard let index = experiment.variants.firstIndex(where: { $0.name == variant }) else {
      let names = experiment.variants.map(\.name).joined(separator: ", ")
      throw .invalid("\(id) has no variant '\(variant)'; it has \(names)")
    }
    return [index]
  }

  private func chosenPoint(of experiment: Experiment) throws(LabError) -> Parameter {
    let values = experiment.sweep.values
    // A sweep has a value at least.
    guard let point else { return values[values.count - 1] }
    guard let found = values.first(where: { $0.label == point }) else {
      let labels = values.map(\.label).joined(separator: ", ")
      throw .invalid("\(id) has no point '\(point)'; it has \(labels)")
    }
    return found
  }
}
