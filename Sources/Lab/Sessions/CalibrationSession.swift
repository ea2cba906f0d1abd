import Harness
import Platform
import Results
import Statistics

/// One series of comparisons of known ratio, in random order, stored as it grows.
struct CalibrationSession {
  private let plan: [CalibrationKit.Member]
  private let preset: Preset
  private let setting: Setting
  private let store: CalibrationStore
  private let seed: UInt64
  /// Nil in surroundings in which no run takes place.
  private let repetition: RepetitionSession?
  private var calibration: Calibration
  private var series: CalibrationSeries

  /// - Parameter repeated: experiments that are measured twice beside known pairs.
  init(
    kit: CalibrationKit, repeated: [Experiment], preset: Preset, comparisons: Int,
    setting: Setting, store: CalibrationStore, seed: UInt64?,
    neighbour: CalibrationSeries.Neighbour, isPinned: Bool
  ) throws(LabError) {
    self.preset = preset
    self.setting = setting
    self.store = store
    let seed = seed ?? UInt64.random(in: 0..<1 << 32)
    self.seed = seed
    calibration = try store.loadIfThere() ?? Calibration(machine: setting.machine)
    // The folder holds no other; its kernel and system may be newer than those of earlier series.
    calibration.machine = setting.machine
    var kinds = kit.kinds
    for index in kinds.indices {
      let first = kit.members.first { $0.kind == kinds[index].name }
      let unmet = setting.facilities.unmet(first?.experiment.needs ?? [])
      if !unmet.isEmpty { kinds[index].reason = unmet.joined(separator: "; ") }
    }
    let able = kit.members.filter { member in
      kinds.contains { $0.name == member.kind && $0.reason == nil }
    }
    // In random order, so that a change of the machine affects all pairs equally.
    var generator = SeededGenerator(seed: seed)
    plan = (0..<comparisons).flatMap { _ in able.shuffled(using: &generator) }
    series = CalibrationSeries(
      run: setting.run(preset: preset.name, seed: seed), neighbour: neighbour, isPinned: isPinned,
      kinds: kinds)
    repetition =
      series.isQuiet
      ? RepetitionSession(kit, and: repeated, preset: preset, setting: setting, seed: seed) : nil
  }

  /// Measures, stores, writes the page and prints what was found.
  mutating func run() throws {
    Interrupt.catchSignals()
    Console.note(
      "\(plan.count) comparisons, preset \(preset.name), seed \(seed), measuring on processor "
        + setting.cpus.map(String.init).joined(separator: ", "))
    for kind in series.kinds {
      if let reason = kind.reason { Console.note("\(kind.name): skipped, \(reason)") }
    }
    let start = Clock.now()
    for (index, member) in plan.enumerated() {
      show(index, member, since: start)
      guard let comparison = try compare(member, index: index) else {
        Console.clearStatus()
        try save()
        throw interrupted
      }
      series.comparisons.append(comparison)
      // Often enough that little is lost, seldom enough not to be the load.
      if index % 25 == 24 { try store.save(kept) }
    }
    Console.clearStatus()
    try save()
    if !series.comparisons.isEmpty { try Console.result(CalibrationText.summary(series)) }
    let hasRepetition = try measureTwice()
    Console.note(
      hasRepetition || !series.comparisons.isEmpty
        ? "page: \(store.pagePath)" : "nothing was measured, and nothing is stored")
  }

  private var interrupted: LabError {
    .calibrationInterrupted(saved: series.comparisons.isEmpty ? nil : store.path)
  }

  /// - Returns: whether there are ratios.
  private mutating func measureTwice() throws -> Bool {
    guard let ratios = try repetition.map({ try $0.measure() }) else { return false }
    guard let ratios else {
      Console.clearStatus()
      throw interrupted
    }
    guard !ratios.isEmpty else { return false }
    let found = Repetition(run: series.run, ratios: ratios)
    calibration.keep(found)
    try save()
    try Console.result(CalibrationText.summary(found))
    return true
  }

  private var kept: Calibration {
    var kept = calibration
    if !series.comparisons.isEmpty { kept.keep(series) }
    return kept
  }

  private func save() throws(LabError) {
    guard !series.comparisons.isEmpty || kept.repetitions != nil else { return }
    try store.save(kept)
    try store.writePages(kept)
  }

  private func compare(
    _ member: CalibrationKit.Member, index: Int
  ) throws -> CalibrationComparison? {
    var launch = setting.launch
    if !series.isPinned { launch.arguments.append(Lab.unpinned) }
    var generator = SeededGenerator(seed: seed, stream: UInt64(index) + 1)
    let orchestrator = Orchestrator(
      preset: preset, seed: generator.next(), cpus: setting.cpus, machine: setting.machine,
      facilities: setting.facilities, launch: launch)
    var records: [ProcessRecord] = []
    let start = Clock.now()
    let result = try orchestrator.run(member.experiment, sources: []) { event in
      if case .measured(_, let measured) = event { records = measured }
    }
    guard !result.isUnfinished, let point = result.points.first else { return nil }
    return CalibrationComparison(
      member, point, records, seconds: Double(Clock.now() - start) / 1e9)
  }

  private func show(_ index: Int, _ member: CalibrationKit.Member, since start: UInt64) {
    guard Console.errorIsTerminal else { return }
    let elapsed = Double(Clock.now() - start) / 1e9
    let each = index > 2 ? elapsed / Double(index) : preset.pointSeconds * 1.5
    let left = Int(each * Double(plan.count - index))
    let text = "\(index)/\(plan.count) \(member.kind) \(member.pair.rawValue) · \(left) s left"
    Console.status(text)
  }
}

extension CalibrationComparison {
  /// - Parameter records: of the point's processes.
  init(
    _ member: CalibrationKit.Member, _ point: PointResult, _ records: [ProcessRecord],
    seconds: Double
  ) {
    let candidate = point.candidates.first
    let ratios = records.map { Self.logRatios($0) }.filter { !$0.isEmpty }
    self.init(
      kind: member.kind, pair: member.pair, ratio: candidate?.speedup,
      verdict: candidate?.verdict ?? .unresolved, null: point.null,
      processes: ratios.map { $0.median() },
      blockNoise: ratios.isEmpty ? 0 : ratios.map(Self.standardError).median(),
      discarded: point.discarded, seconds: seconds,
      code: point.variants.compactMap { $0.counters["code"]?.value.map { Int($0.rounded()) } },
      reason: point.reason)
  }

  /// ln(baseline ÷ candidate), sample by sample as the harness pairs them. The baseline is instance
  /// 0 (and 1, which is the null's), the candidate instance 2.
  private static func logRatios(_ record: ProcessRecord) -> [Double] {
    record.blocks.filter(\.isKept).flatMap { block in
      let (before, after) = (values(block, 0), values(block, 2))
      return zip(before, after).map { naturalLogarithm($0) - naturalLogarithm($1) }
    }
  }

  private static func values(_ block: ProcessRecord.Block, _ instance: Int) -> [Double] {
    block.slots.filter { $0.instance == instance }.map(\.value)
  }

  /// Of the median: 1.2533 σ ÷ √n for a normal, with σ from the median of distances.
  private static func standardError(_ values: [Double]) -> Double {
    1.2533 * 1.4826 * values.medianAbsoluteDeviation() / Double(values.count).squareRoot()
  }
}
