import Harness
import Platform
import Results

/// The second measurement of what a gate found, by this build on this machine, with the preset and
/// on the processors of the run that it was found in.
struct Confirmation {
  private let gate: Gate
  private let experiments: [Experiment]
  private let preset: Preset
  private let setting: Setting
  private let numbers: [String: MachineNumber]

  /// - Throws: where this build or machine is not what measured the second side.
  init(_ gate: Gate, _ pair: ComparedPair) throws {
    let after = pair.right.results
    guard LabContext.current.mayMeasure else { throw LabError.debugBuild }
    preset = try Preset.named(after.run.preset)
    self.gate = gate
    numbers = after.machine.numbers
    var ids: [String] = []
    for fallen in gate.fallen where !ids.contains(fallen.id) { ids.append(fallen.id) }
    experiments = try ids.map { id in
      let experiment = try Selection.experiment(id, in: LabContext.current.catalog)
      let places = gate.fallen.filter { $0.id == id }.map(\.first.parameter)
      return experiment.narrowed(to: places)
    }
    setting = try Setting.current(
      cpus: after.run.cpus.map(String.init).joined(separator: ","),
      machineName: after.machine.name)
    guard setting.machine.isLike(after.machine) else {
      throw LabError.invalid(
        "--confirm measures on this machine, but \(pair.right.name) comes from another one")
    }
    guard setting.flags == after.run.flags else {
      throw LabError.invalid(
        "--confirm measures with this build, but \(pair.right.name) was built with other flags or "
          + "another compiler; measure it again with '\(Lab.program) run'")
    }
  }

  /// The points in question, in an order of their own.
  func measure() throws -> Results {
    Interrupt.catchSignals()
    let seed = UInt64.random(in: 0..<1 << 32)
    let run = setting.run(preset: preset.name, seed: seed)
    var results = Results(run: run, machine: setting.machine, conditions: setting.conditions)
    results.machine.numbers = numbers
    let orchestrator = Orchestrator(
      preset: preset, seed: seed, cpus: setting.cpus, machine: results.machine,
      facilities: setting.facilities, launch: setting.launch)
    Console.note(
      "measuring again: \(experiments.map(\.id).joined(separator: ", ")), preset \(preset.name), "
        + "seed \(seed)")
    for experiment in experiments {
      var result = try orchestrator.run(experiment, sources: []) { _ in }
      if result.isUnfinished { throw LabError.interruptedConfirmation }
      result.run = run
      results.experiments.append(result)
    }
    return results
  }
}
