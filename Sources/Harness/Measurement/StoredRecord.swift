import Results

/// A record as it is kept of an unfinished experiment: column by column over all its slots, since a
/// run has hundreds of thousands of them.
extension ProcessRecord: Codable {
  private struct Columns: Codable {
    var iterations: Int
    var counterNames: [String]
    var unavailable: [String: String]
    /// In each block.
    var slots: Int
    var instances: [Int] = []
    var nanoseconds: [Double] = []
    var values: [Double] = []
    /// By counter; one that a slot does not have is 0.
    var counters: [[Double]]
    /// By slot; most have none.
    var lost: [Int: Double] = [:]
    var reports: [Int: [String: Counter]] = [:]
    var observations: [Int: Distribution] = [:]
    /// By block; most have none.
    var disturbances: [Int: [String]] = [:]
    /// By block and member.
    var additionsPerCycle: [[Double]] = []

    var isWhole: Bool {
      let count = instances.count
      return iterations > 0 && slots > 0 && count > 0 && count % slots == 0
        && count / slots == additionsPerCycle.count && nanoseconds.count == count
        && values.count == count
        && counters.count == counterNames.count && counters.allSatisfy { $0.count == count }
        && values.allSatisfy { $0 > 0 } && nanoseconds.allSatisfy { $0 >= 0 }
        && observations.values.allSatisfy(Self.isPossible)
    }

    private static func isPossible(_ observed: Distribution) -> Bool {
      observed.counts.count == observed.values.count
        && observed.counts.allSatisfy { (1...1 << 40).contains($0) }
    }
  }

  /// From its columns.
  public init(from decoder: any Decoder) throws {
    let columns = try Columns(from: decoder)
    guard columns.isWhole else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "columns of different lengths, or impossible values"))
    }
    self.init()
    (iterations, unavailable) = (columns.iterations, columns.unavailable)
    counterNames = columns.counterNames
    blocks = columns.additionsPerCycle.indices.map { block in
      let places = block * columns.slots..<(block + 1) * columns.slots
      return Block(
        slots: places.map { place in
          Slot(
            instance: columns.instances[place], nanoseconds: columns.nanoseconds[place],
            value: columns.values[place], lostNanoseconds: columns.lost[place] ?? 0,
            counters: columns.counters.map { $0[place] }, reports: columns.reports[place] ?? [:],
            observations: columns.observations[place])
        },
        disturbances: columns.disturbances[block] ?? [],
        additionsPerCycle: columns.additionsPerCycle[block])
    }
  }

  /// As columns.
  public func encode(to encoder: any Encoder) throws {
    let slots = blocks.flatMap(\.slots)
    var columns = Columns(
      iterations: iterations, counterNames: counterNames, unavailable: unavailable,
      slots: blocks.first?.slots.count ?? 1,
      counters: counterNames.indices.map { name in
        slots.map { name < $0.counters.count ? $0.counters[name] : 0 }
      })
    for (place, slot) in slots.enumerated() {
      columns.instances.append(slot.instance)
      columns.nanoseconds.append(slot.nanoseconds)
      columns.values.append(slot.value)
      if slot.lostNanoseconds > 0 { columns.lost[place] = slot.lostNanoseconds }
      if !slot.reports.isEmpty { columns.reports[place] = slot.reports }
      columns.observations[place] = slot.observations
    }
    for (place, block) in blocks.enumerated() {
      columns.additionsPerCycle.append(block.additionsPerCycle)
      if !block.disturbances.isEmpty { columns.disturbances[place] = block.disturbances }
    }
    try columns.encode(to: encoder)
  }
}
