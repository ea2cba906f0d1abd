import Results

/// What one round of worker processes gave: the blocks of a point in the order of time.
public struct ProcessRecord: Sendable {
  /// In the order of time, dropped ones included.
  public internal(set) var blocks: [Block] = []
  /// Kernel calls in one sample.
  public internal(set) var iterations = 1
  /// What each slot's counters count, in their order: a name a slot would outweigh its value.
  var counterNames: [String] = []
  /// Counters that could not be had, and why.
  var unavailable: [String: String] = [:]

  /// What an instance observed in the blocks that count; nil where it observes nothing.
  func observations(of instance: Int, in blocks: [Block]) -> Distribution? {
    blocks.flatMap(\.slots).filter { $0.instance == instance }.compactMap(\.observations)
      .reduce(nil) { $0?.merged(with: $1) ?? $1 }
  }

  /// What each instance observed in the blocks that count; empty where none observes anything.
  public var keptObservations: [Int: Distribution] {
    blocks.filter(\.isKept).flatMap(\.slots).reduce(into: [:]) { all, slot in
      guard let observed = slot.observations else { return }
      all[slot.instance] = all[slot.instance]?.merged(with: observed) ?? observed
    }
  }

  /// A sample's counters as a slot keeps them.
  mutating func values(of counters: [String: Double]) -> [Double] {
    let new = counters.keys.filter { !counterNames.contains($0) }
    counterNames += new.sorted()
    return counterNames.map { counters[$0] ?? 0 }
  }

  /// Whether it has anything to say of its own.
  var hasKeptBlock: Bool { blocks.contains { $0.isKept } }

  /// Marks the blocks during which a core was not the kernel's alone.
  mutating func mark(_ share: CoreShare) {
    for index in blocks.indices where share.isShared(blocks[index].additionsPerCycle) {
      let name = Disturbance.shared.rawValue
      if !blocks[index].disturbances.contains(name) { blocks[index].disturbances.append(name) }
    }
  }

  /// Every instance timed once and once more in the mirrored order.
  public struct Block: Sendable {
    /// In the order of time.
    public internal(set) var slots: [Slot]

    /// The disturbances of its slots that the experiment does not tolerate; one is enough to drop
    /// the block.
    public fileprivate(set) var disturbances: [String]

    /// The least that the core of each member did in a cycle around any of its slots.
    let additionsPerCycle: [Double]

    init(slots: [Slot], disturbances: [String], additionsPerCycle: [Double]) {
      self.slots = slots
      self.disturbances = disturbances
      self.additionsPerCycle = additionsPerCycle
    }

    /// Whether it counts.
    public var isKept: Bool { disturbances.isEmpty }
  }

  /// One timed sample.
  public struct Slot: Sendable {
    /// 0 and 1 are the baseline, then the candidates.
    public let instance: Int
    /// Of all the sample's calls together.
    public let nanoseconds: Double
    /// The metric, per call.
    public internal(set) var value: Double
    /// Nanoseconds that others may have taken from the sample at most.
    var lostNanoseconds = 0.0
    /// In the order of the record's names, those at the end that it has.
    let counters: [Double]
    let reports: [String: Counter]
    let observations: Distribution?
  }
}
