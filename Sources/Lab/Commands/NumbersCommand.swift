import ArgumentParser
import Harness
import Platform
import Results

struct NumbersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "numbers", abstract: "Measure the cost of basic operations on this machine.",
    discussion: """
      Latencies, bandwidths, throughputs and the cost of system calls. They are stored with the \
      reports, and measured again when the machine or the build has changed.
      """)

  @Flag(help: "Measure again, even if stored numbers are current.")
  var again = false

  @Flag(help: "Print the numbers as JSON.")
  var json = false

  @Option(help: "Seed of every random choice (default: random, and stored).")
  var seed: UInt64?

  @Option(help: "Processors to use, the measuring one first: '2,3,4-7'.")
  var cpus: String?

  @OptionGroup var folder: FolderOptions

  func run() throws {
    let setting = try Setting.current(cpus: cpus, machineName: folder.machine)
    try folder.store.expect(setting.machine)
    let taking = NumberTaking(setting: setting, folder: folder.store.folder)
    let numbers = try taking.current(again: again, seed: seed)
    if json {
      try Console.result(StoredJSON.text(numbers))
    } else {
      try Console.result(NumbersTable.text(numbers))
    }
  }
}

/// Finds the machine's numbers: stored ones that still hold, or fresh ones.
struct NumberTaking {
  let setting: Setting
  let folder: String

  /// - Throws: `LabError.debugBuild` where they would have to be measured by a debug build.
  func current(again: Bool = false, seed: UInt64? = nil) throws -> Numbers {
    let catalog = LabContext.current.numbers(setting.machine)
    let store = NumbersStore(folder: folder)
    let fingerprint = NumbersStore.fingerprint(setting, catalog: catalog)
    if !again, let stored = store.load(), stored.fingerprint == fingerprint {
      try Pages.write(stored, to: folder)
      return stored
    }
    guard LabContext.current.mayMeasure else { throw LabError.debugBuild }
    let seed = seed ?? UInt64.random(in: 0..<1 << 32)
    Console.note("measuring the machine's numbers, seed \(seed)")
    let start = Clock.now()
    let record = try measure(catalog, seed: seed)
    let numbers = Numbers(
      run: setting.run(preset: "numbers", seed: seed), machine: setting.machine,
      fingerprint: fingerprint,
      processes: NumberSession.processes, wallSeconds: Double(Clock.now() - start) / 1e9,
      entries: record.entries, series: record.series, team: setting.team)
    try store.save(numbers)
    return numbers
  }

  private func measure(_ catalog: NumberCatalog, seed: UInt64) throws -> NumberRecord {
    Interrupt.catchSignals()
    let session = NumberSession(
      catalog: catalog, machine: setting.machine, facilities: setting.facilities,
      cpus: setting.cpus, launch: setting.launch, seed: seed)
    defer { Console.clearStatus() }
    do {
      return try session.run { done, total in
        if done % 16 == 0 { Console.status("numbers: \(done * 100 / max(1, total))%") }
      }
    } catch {
      if case .worker(.interrupted, _) = error { throw LabError.interruptedNumbers }
      throw LabError.invalid("\(error)")
    }
  }
}
