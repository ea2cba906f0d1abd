import Results

/// Where a working set lives.
public enum MemoryLevel: String, Sendable, Equatable, CaseIterable {
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

/// The caches as one core sees them.
extension Question {
  /// Bytes that a level holds; nil for memory and for a cache that the machine lacks.
  ///
  /// The last level may be shared with others, other guests among them. Its capacity is then what
  /// one core was seen to get: the last step of the staircase whose time is nearer to the level's
  /// own latency than to memory's, in ratio; at most what the processor states.
  public func capacity(of level: MemoryLevel) -> Int? {
    let stated = machine.caches.filter { $0.level == level.depth }.map(\.bytes).max()
    guard level == .l3, let stated, let near = try? latency(of: .l3).value,
      let far = try? latency(of: .memory).value,
      let seen = points(of: .staircase).last(where: { $0.y.estimate * $0.y.estimate < near * far })
    else { return stated }
    return min(stated, Int(seen.x))
  }

  /// Sets of a level, and the lines of each; nil where the machine does not say.
  public func geometry(of level: MemoryLevel) -> (sets: Int, ways: Int)? {
    guard let cache = machine.caches.first(where: { $0.level == level.depth }),
      let ways = cache.ways
    else { return nil }
    return (cache.bytes / cache.lineBytes / ways, ways)
  }

  /// Sets of a level that lines `stride` bytes apart map to, and how many lines those sets hold.
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
  /// map to.
  public func holds(_ lines: Int, atStride stride: Int, in level: MemoryLevel) -> Bool {
    guard let capacity = capacity(of: level) else { return false }
    return lines <= min(capacity / 64, sets(of: level, atStride: stride)?.lines ?? .max)
  }

  /// The nearest level that holds `bytes`. Reading a larger set in order over and over finds nothing
  /// of it in a cache that evicts the least recently used line.
  public func home(of bytes: Double) -> MemoryLevel {
    for level in [MemoryLevel.l1, .l2, .l3] {
      if let capacity = capacity(of: level), bytes <= Double(capacity) { return level }
    }
    return .memory
  }

  /// Whether a set of so many bytes that is read in order leaves nothing in any cache.
  func isFarBeyondCaches(_ workingSet: Double) -> Bool {
    workingSet >= 2 * Double(machine.caches.map(\.bytes).max() ?? 0)
  }
}
