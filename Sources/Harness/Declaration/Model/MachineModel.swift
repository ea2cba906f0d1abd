import Results

/// Models that many experiments share. All of them are the textbook's: what fits in a cache is
/// served by it, and of work and data movement that overlap the longer one is what is seen
/// (the roofline model; Williams, Waterman, Patterson, CACM 52(4), 2009). Lines from memory are the
/// exception (`lineFromMemory`).
extension Question {
  /// Bytes that one core reads from a level in a nanosecond.
  public func readBandwidth(of level: MemoryLevel) throws(MissingNumber) -> Bandwidth {
    try bandwidth("bandwidth.read.\(level.rawValue)")
  }

  /// Time until a load that depends on the one before has its value.
  public func latency(of level: MemoryLevel) throws(MissingNumber) -> Time {
    try time("latency.\(level.rawValue)")
  }

  /// Time until a load from the first level has its value, where the one before gave the index of a
  /// word in an array.
  ///
  /// On machines measured before that was a number: a cycle more than through a pointer (5 cycles in
  /// place of 4: 7-cpu.com, Zen 2, `n = p[n]`).
  public func indexedLoad() throws(MissingNumber) -> Time {
    if let indexed = try? time("latency.l1.index") { return indexed }
    return try latency(of: .l1) + time("add.integer.latency")
  }

  /// Time in which a core takes a line from another core's cache. Where two write to a line in turn,
  /// as for `line.transfer`, a hand-over is two such transfers: the writer takes the line from the
  /// core that waits for it and has read it, and that one fetches it back.
  public func cacheLineTransfer() throws(MissingNumber) -> Time {
    try time("line.transfer") / 2
  }

  /// Time of a multiply-add of a whole vector register of Float, where many are independent.
  public func multiplyAdd() throws(MissingNumber) -> Time {
    try time("fma.throughput.\(registers.bits)")
  }

  /// Operations that a core has in flight (AMD, *Software Optimization Guide for the Zen 4
  /// Microarchitecture*, document 57647, 2.10: the retire queue). Others hold more or fewer.
  public var window: Double { 320 }

  /// Loads that a core has in flight, beside some fifty operations each that wait for them in its
  /// schedulers.
  ///
  /// On machines measured before that was a number, and without huge pages, two: one of Zen 4's four
  /// integer schedulers, of 24 entries each, serves all multiplications, and Zen 5's has 88 entries
  /// for all that waits (AMD, *Software Optimization Guide*, documents 57647 and 58455, on the integer
  /// execution unit).
  public var loadsWithWork: Ratio { (try? ratio("mlp.waiting")) ?? .exactly(2) }

  /// Size of an ordinary page in bytes.
  public var pageBytes: Int { machine.pageBytes ?? 4 << 10 }

  /// Time of the shortest step of a loop over an array: a load, an addition with its overflow check,
  /// and the loop's count and branch. At best a cycle, which counting takes; more where additions and
  /// branches compete for a core's units.
  ///
  /// On machines measured before `loop.sum` was a number: a cycle.
  public func loopStep() throws(MissingNumber) -> Time {
    try step("loop.sum")
  }

  /// Time of a step of a search through records, one after the other: a load, a comparison, and the
  /// next record. At best a cycle; more where a core does not rename the copy of the pointer.
  ///
  /// On machines measured before `loop.search` was a number: a cycle.
  public func searchStep() throws(MissingNumber) -> Time {
    try step("loop.search")
  }

  /// What a search beyond its steps takes where the record is at a random place among so many: the
  /// predictor does not expect the end there, and may have expected it before. Beyond the curve's last
  /// point ends are as random.
  ///
  /// On machines measured before that was a curve, a misprediction.
  public func randomEnd(of records: Double) throws(MissingNumber) -> Time {
    guard let last = points(of: .randomEnd).last?.x else { return try time("branch.miss") }
    let within = min(records, last)
    return try curve(.randomEnd, at: within) - (within + 1) / 2 * searchStep()
  }

  private func step(_ name: String) throws(MissingNumber) -> Time {
    if let measured = try? time(name) { return measured }
    return try time("add.integer.latency")
  }

  /// Time of so many correctly predicted branches of a loop's iteration, which takes at least a
  /// `loopStep`.
  ///
  /// On machines measured before `branch.throughput` was a number, two in each cycle (AMD,
  /// *Software Optimization Guide for the Zen 4 Microarchitecture*, document 57647, 2.10.1).
  public func branches(_ count: Double) throws(MissingNumber) -> Time {
    let half = try time("add.integer.latency") / 2
    let each = (try? time("branch.throughput")) ?? half
    return longest(try loopStep(), count * each)
  }

  /// Time of so many instructions that wait for nothing: as many in a cycle as integer additions. A
  /// comparison and the branch on it count as one, since cores fuse them.
  ///
  /// On machines measured before that was a number: four in a cycle, which is the throughput of
  /// integer additions (AMD, *Software Optimization Guide for the Zen 4 Microarchitecture*,
  /// document 57647, 2.10).
  public func instructions(_ count: Double) throws(MissingNumber) -> Time {
    if let each = try? time("add.integer.throughput") { return count * each }
    return (count / 4) * (try time("add.integer.latency"))
  }

  /// The least time of so many instructions of all kinds: a core begins only so many in a cycle.
  ///
  /// Nothing on machines measured before that was a number.
  public func begun(_ count: Double) -> Time {
    (try? time("nop.throughput")).map { count * $0 } ?? .zero
  }

  /// Time of so many loads from the first level beside other instructions, which wait for other units
  /// of the core.
  ///
  /// On machines measured before `load.throughput` was a number, a load takes an instruction's time.
  public func loads(
    _ count: Double, beside others: Double
  ) throws(MissingNumber) -> Time {
    guard let each = try? time("load.throughput") else { return try instructions(count + others) }
    return longest(count * each, try instructions(others))
  }

  /// Time of a flush of so many bytes that overwrite others of a file, page by page.
  public func flush(of bytes: Double) throws(MissingNumber) -> Time {
    let (small, large) = (try time("flush.4k"), try time("flush.256k"))
    let share = max(0, bytes - 4_096) / (252 * 1_024)
    return small + share * (large - small)
  }

  /// Time of a line that the hardware has not prefetched, out of many that are requested without
  /// waiting: each waits its latency, shared with the other loads in flight, and all of them share
  /// the level's bandwidth. What is in the first level costs nothing beside the work.
  public func overlappedLine(from level: MemoryLevel) throws(MissingNumber) -> Time {
    if level == .l1 { return .zero }
    return longest(
      try latency(of: level) / (try ratio("mlp.memory")),
      Size.exactly(64) / (try readBandwidth(of: level)))
  }

  /// Mean latency of loads at random places in `workingSet` bytes: each cache holds its share of
  /// them, what no cache holds comes from memory.
  public func randomLatency(in workingSet: Double) throws(MissingNumber) -> Time {
    var covered = 0.0
    var mean = Time.zero
    for level in [MemoryLevel.l1, .l2, .l3] {
      guard let capacity = capacity(of: level) else { continue }
      let share = min(1, Double(capacity) / workingSet)
      guard share > covered else { continue }
      mean += (share - covered) * (try latency(of: level))
      covered = share
    }
    if covered < 1 { mean += (1 - covered) * (try latency(of: .memory)) }
    return mean
  }
}
