import Harness
import Platform
import Results

/// Finds the machine's numbers: stored ones that still hold, or fresh ones.
struct NumberTaking {
  let setting: Setting
  let folder: String

  /// Those that any experiment may ask for, and those of some areas; others that are stored stay.
  /// - Parameter experiments: that will ask for them; nil for all areas.
  /// - Throws: `LabError.debugBuild` where they would have to be measured by a debug build.
  func current(
    for experiments: [Experiment]? = nil, again: Bool = false, seed: UInt64? = nil
  ) throws -> Numbers {
    let catalog = LabContext.current.numbers(setting.machine)
    let wanted = experiments.map(catalog.areas) ?? catalog.areas
    let store = NumbersStore(folder: folder)
    let fingerprint = NumbersStore.fingerprint(setting, catalog: catalog.part(of: []))
    let methods = Dictionary(
      uniqueKeysWithValues: catalog.areas.map { area in
        (area, NumbersStore.methods(of: catalog.part(of: [area], withGeneral: false)))
      })
    let stored = again ? nil : store.load().flatMap { $0.fingerprint == fingerprint ? $0 : nil }
    let lacking = wanted.filter { stored?.areas?[$0] != methods[$0] }
    if let stored, lacking.isEmpty {
      try Pages.write(stored, to: folder)
      return stored
    }
    guard LabContext.current.mayMeasure else { throw LabError.debugBuild }
    let seed = seed ?? UInt64.random(in: 0..<1 << 32)
    let subject = stored == nil ? "the machine's numbers" : "numbers of \(lacking.list)"
    Console.note("measuring \(subject), seed \(seed)")
    let start = Clock.now()
    let record = try measure(
      catalog.part(of: lacking, withGeneral: stored == nil), seed: seed)
    let fresh = Numbers(
      run: setting.run(preset: "numbers", seed: seed), machine: setting.machine,
      fingerprint: fingerprint, areas: methods.filter { lacking.contains($0.key) },
      processes: NumberSession.processes, wallSeconds: Double(Clock.now() - start) / 1e9,
      entries: record.entries, series: record.series, team: setting.team)
    var numbers = stored ?? fresh
    if stored != nil { numbers.take(lacking, from: fresh) }
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

extension Set<String> {
  /// In a sentence.
  fileprivate var list: String { sorted().joined(separator: " and ") }
}
