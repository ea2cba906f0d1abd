import Results

/// Where a working set lives.
public enum MemoryLevel: String, Sendable, Hashable, CaseIterable {
  case l1, l2, l3, memory

  /// `L1`, `memory`: as it is written in a sentence.
  public var title: String { self == .memory ? "memory" : rawValue.uppercased() }

  /// The system's number for this cache, 1 for the first level; nil for memory.
  var depth: Int? {
    switch self {
    case .l1: 1
    case .l2: 2
    case .l3: 3
    case .memory: nil
    }
  }
}

/// Models that many experiments share. All of them are the textbook's: what fits in a cache is
/// served by it, and of work and data movement that overlap the longer one is what is seen
/// (the roofline model; Williams, Waterman, Patterson, CACM 52(4), 2009).
extension Question {
  /// Bytes that a level holds; nil for memory and for a cache that the machine does not have.
  ///
  /// Others may use a shared last level too, other guests among them. There it is what one core
  /// was seen to get: the last step of the staircase whose time is nearer to the level's own than
  /// to memory's, in ratio; at most what the processor names.
  public func capacity(of level: MemoryLevel) -> Int? {
    let named = machine.caches.filter { $0.level == level.depth }.map(\.bytes).max()
    guard level == .l3, let named, let near = try? latency(of: .l3),
      let far = try? latency(of: .memory),
      let seen = points(of: .staircase).last(where: { $0.y * $0.y < near * far })
    else { return named }
    return min(named, Int(seen.x))
  }

  /// Sets of a level, and the lines of each; nil where the machine does not say.
  public func geometry(of level: MemoryLevel) -> (sets: Int, ways: Int)? {
    guard let cache = machine.caches.first(where: { $0.level == level.depth }),
      let ways = cache.ways
    else { return nil }
    return (cache.bytes / cache.lineBytes / ways, ways)
  }

  /// Sets of a level that lines `stride` bytes apart fall into, and how many lines those hold.
  public func sets(
    of level: MemoryLevel, atStride stride: Int
  ) -> (count: Int, lines: Int)? {
    guard let (sets, ways) = geometry(of: level),
      let line = machine.caches.first(where: { $0.level == level.depth })?.lineBytes
    else { return nil }
    var (count, step) = (sets, max(1, stride / line))
    while step != 0 { (count, step) = (step, count % step) }
    return (sets / count, sets / count * ways)
  }

  /// Whether a level holds so many lines `stride` bytes apart, by its size and by the sets that they
  /// fall into.
  public func holds(_ lines: Int, atStride stride: Int, in level: MemoryLevel) -> Bool {
    guard let capacity = capacity(of: level) else { return false }
    return lines <= min(capacity / 64, sets(of: level, atStride: stride)?.lines ?? .max)
  }

  /// The nearest level that holds `bytes`. Going over a larger set in order finds nothing of it in
  /// a cache that evicts what was used longest ago.
  public func home(of bytes: Double) -> MemoryLevel {
    for level in [MemoryLevel.l1, .l2, .l3] {
      if let capacity = capacity(of: level), bytes <= Double(capacity) { return level }
    }
    return .memory
  }

  /// Bytes that one core reads from a level in a nanosecond.
  public func readBandwidth(of level: MemoryLevel) throws(MissingNumber) -> Double {
    try number("bandwidth.read.\(level.rawValue)") / 1e9
  }

  /// Nanoseconds until a load that depends on the one before has its value.
  public func latency(of level: MemoryLevel) throws(MissingNumber) -> Double {
    try number("latency.\(level.rawValue)")
  }

  /// Nanoseconds in which a core takes a line from another one. When two write to a line in turn,
  /// as for `line.transfer`, its way is two such steps: the writer takes it from the one that waits
  /// for it and has read it, and that one fetches it back.
  public func coherenceStep() throws(MissingNumber) -> Double {
    try number("line.transfer") / 2
  }

  /// Nanoseconds of so many correctly predicted branches of a loop's turn. A turn takes a cycle at
  /// least, which is what adding to its counter takes.
  ///
  /// On machines measured before `branch.throughput` was a number, two in each cycle (AMD,
  /// *Software Optimization Guide for the Zen 4 Microarchitecture*, document 57647, 2.10.1).
  public func branches(_ count: Double) throws(MissingNumber) -> Double {
    let cycle = try number("add.integer.latency")
    let each = machine.numbers["branch.throughput"]?.quantity.estimate ?? cycle / 2
    return max(cycle, count * each)
  }

  /// Nanoseconds of so many instructions that wait for nothing: as many in a cycle as additions of
  /// integers. A comparison and the branch on it are one, since cores fuse them.
  ///
  /// Where the machine was measured before that was a number: four in a cycle, which is what adding
  /// two integers takes (AMD, *Software Optimization Guide for the Zen 4 Microarchitecture*,
  /// document 57647, 2.10).
  public func instructions(_ count: Double) throws(MissingNumber) -> Double {
    if let each = machine.numbers["add.integer.throughput"] {
      return count * each.quantity.estimate
    }
    return count / 4 * (try number("add.integer.latency"))
  }

  /// Time of reading `bytes` in order out of a set of `workingSet` bytes that is read over and
  /// over, beside `compute` nanoseconds of work on it: the longer of the two.
  public func streaming(
    _ bytes: Double, of workingSet: Double, compute: Double
  ) throws(MissingNumber) -> Streaming {
    let line = try orderedLine(in: workingSet)
    return Streaming(
      level: home(of: workingSet), compute: compute, transfer: bytes / 64 * line)
  }

  /// Time of a line of `workingSet` bytes that are read in order over and over: off the curve, until
  /// memory has the answer by itself.
  private func orderedLine(in workingSet: Double) throws(MissingNumber) -> Double {
    isFarBeyondCaches(workingSet)
      ? 64 / (try readBandwidth(of: .memory)) : try curve(.stream, at: workingSet)
  }

  /// Whether of so many bytes that are gone over in order no cache keeps any.
  func isFarBeyondCaches(_ workingSet: Double) -> Bool {
    workingSet >= 2 * Double(machine.caches.map(\.bytes).max() ?? 0)
  }

  /// Time of a line that the hardware has not fetched ahead, out of many that are asked for without
  /// waiting: each waits its latency, shared with the other loads in flight, and all of them share
  /// the level's bandwidth. What is in the first level costs nothing beside the work.
  public func overlappedLine(from level: MemoryLevel) throws(MissingNumber) -> Double {
    if level == .l1 { return 0 }
    let wait = try latency(of: level) / (try number("mlp.memory"))
    return max(wait, 64 / (try readBandwidth(of: level)))
  }

  /// Mean latency of loads at random places in `workingSet` bytes: each cache holds its share of
  /// them, what no cache holds comes from memory.
  public func randomLatency(in workingSet: Double) throws(MissingNumber) -> Double {
    var covered = 0.0
    var mean = 0.0
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

/// Work and the reading of its data, side by side, in nanoseconds.
public struct Streaming: Sendable, Hashable {
  /// Where the data come from.
  public let level: MemoryLevel
  /// Nanoseconds of work.
  public let compute: Double
  /// Nanoseconds until the data are there.
  public let transfer: Double

  /// The longer of the two.
  public var time: Double { max(compute, transfer) }

  /// Which one that is, in words: `bandwidth of L2` or `work`.
  public var bound: String { transfer > compute ? "bandwidth of \(level.title)" : "work" }
}

extension Double {
  /// Three significant digits, for a sentence: `0.274`, `12.3`, `4120`.
  public var brief: String {
    guard isFinite, self != 0 else { return "\(self)" }
    var scale = 1.0
    while abs(self) * scale < 100 && scale < 1e12 { scale *= 10 }
    let text = "\((self * scale).rounded() / scale)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
