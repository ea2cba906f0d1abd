import Results

/// Curves that the machine was measured along: what a model reads off where no level of the memory
/// has the answer by itself.
public enum MachineCurve: String, Sendable, CaseIterable {
  /// Latency of a load that depends on the one before, on a random cycle through so many bytes.
  case staircase
  /// Time of a load from a random line of so many bytes, the next ones not waiting for it.
  case scatter
  /// Time of a store to a random line of so many bytes.
  case scatteredStores = "scatter.store"
  /// Time of a line of so many bytes that are read in order.
  case stream
  /// Time of a line that comes from memory in order, by a loop that takes so many steps for it.
  case plain
  /// Time of a search through so many records, the one that is looked for being at a random place.
  case randomEnd = "loop.end"
  /// Time of a load from each of so many pages in order, the next ones not waiting for it.
  case pages
  /// Time of a store to each of so many pages in order, their lines being in the first level.
  case storedPages = "pages.store"
  /// Time of a load from one of many lines that fall into so many sets of the first level.
  case crowdedLoad = "conflict.load"
  /// The same of a third more lines than these sets have room for.
  case slightlyCrowdedLoad = "conflict.load.few"
  /// Time of a store to one of many lines that fall into so many sets of the first level.
  case crowdedStore = "conflict.store"
  /// Time in which half of such a line is copied word by word, with the work that this takes.
  case crowdedHalf = "conflict.copy.half"
  /// Time of a direct read at random with so many of them in flight.
  case readDepth = "read.depth"
  /// Time until so many flushes at the same time are done.
  case flushesTogether = "flush.together"

  /// Lines for each of a set's ways, and a third more.
  public static func linesInSlightlyCrowdedSet(of ways: Int) -> Int { (4 * ways + 2) / 3 }

  /// Whether its axis carries bytes, rather than a count.
  var isOverBytes: Bool {
    switch self {
    case .staircase, .scatter, .scatteredStores, .stream: true
    case .plain, .randomEnd, .pages, .storedPages, .crowdedLoad, .slightlyCrowdedLoad,
      .crowdedStore, .crowdedHalf, .readDepth, .flushesTogether:
      false
    }
  }

  /// Where the curve begins, for the name of a number that is missing.
  var first: Int {
    switch self {
    case .staircase: 4 << 10
    case .scatter, .scatteredStores, .stream: 16 << 10
    case .pages: 16
    case .plain, .randomEnd, .storedPages: 8
    case .crowdedLoad, .slightlyCrowdedLoad, .crowdedStore, .crowdedHalf, .readDepth,
      .flushesTogether:
      1
    }
  }
}

extension Question {
  /// A measured curve at `x`: linear between its points, constant beyond its ends.
  public func curve(_ curve: MachineCurve, at x: Double) throws(MissingNumber) -> Time {
    guard let y = Self.interpolated(points(of: curve), at: x) else {
      throw MissingNumber(name: "\(curve.rawValue).\(curve.first)")
    }
    let place = curve.isOverBytes ? Self.bytes(x) : x.brief
    return Self.term("\(curve.rawValue) at \(place)", y)
  }

  /// Latency of a load that depends on the one before, at the next place of a random cycle through
  /// `workingSet` bytes that is followed again and again.
  public func chaseLatency(in workingSet: Double) throws(MissingNumber) -> Time {
    try curve(.staircase, at: workingSet)
  }

  /// Time of a line at a random place in `workingSet` bytes, out of many requested without waiting.
  /// What is in the first level costs nothing beside the work.
  public func randomLine(in workingSet: Double) throws(MissingNumber) -> Time {
    home(of: workingSet) == .l1 ? .zero : try curve(.scatter, at: workingSet)
  }

  /// Time of a load from each of so many rows of a matrix in turn, by the pages that they are on.
  public func wordOfRows(_ rows: Double, in bytes: Double) throws(MissingNumber) -> Time {
    try curve(.pages, at: min(rows, bytes / Double(pageBytes)))
  }

  /// Time of a store to a line at a random place in `workingSet` bytes. What is in the first level
  /// costs nothing beside the work.
  ///
  /// On machines measured before that was a curve, what a load costs.
  public func storedLine(in workingSet: Double) throws(MissingNumber) -> Time {
    guard home(of: workingSet) != .l1 else { return .zero }
    if let stored = try? curve(.scatteredStores, at: workingSet) { return stored }
    return try curve(.scatter, at: workingSet)
  }

  /// Time of a load from one of so many lines, `stride` bytes apart, in order and again and again.
  /// What the first level's sets hold costs nothing beside the work; of a few more lines they may
  /// keep some.
  public func conflictingLine(
    of lines: Int, atStride stride: Int
  ) throws(MissingNumber) -> Time {
    if holds(lines, atStride: stride, in: .l1) { return .zero }
    guard let (sets, room) = sets(of: .l1, atStride: stride) else {
      return try curve(.crowdedLoad, at: Double(lines))
    }
    let many = try curve(.crowdedLoad, at: Double(sets))
    guard let few = try? curve(.slightlyCrowdedLoad, at: Double(sets)) else { return many }
    // Lines in each set: none is missed of as many as there are ways; the curves are of a third more,
    // and of 64.
    let (each, ways) = (Double(lines) / Double(sets), room / sets)
    let third = Double(MachineCurve.linesInSlightlyCrowdedSet(of: ways))
    guard third < 64 else { return many }
    if each < third { return Self.share(of: each, from: Double(ways), to: third) * few }
    let share = Self.share(of: each, from: third, to: 64)
    return (1 - share) * few + share * many
  }

  /// Time of a load from a line at a place that a list names. In the caches the curve of such loads
  /// shows mostly how long its probe takes to find the places: there a line costs what latency,
  /// parallelism and bandwidth say, and no less than one of as many in order.
  public func listedLine(in workingSet: Double) throws(MissingNumber) -> Time {
    let level = home(of: workingSet)
    switch level {
    case .l1: return .zero
    case .memory: return try randomLine(in: workingSet)
    default:
      return longest(try overlappedLine(from: level), try orderedLine(in: workingSet))
    }
  }

  /// Time of a word when words `stride` bytes apart are read in order out of `workingSet` bytes, by
  /// the memory mountain. Strides of 8 to 256 bytes, powers of two.
  public func stridedWord(
    _ stride: Int, in workingSet: Double
  ) throws(MissingNumber) -> Time {
    // Where some of the words come from one level and some from another, it is times that add up.
    let slope = points(prefix: "mountain.", suffix: ".\(stride)").map { point in
      (
        x: point.x,
        y: Interval(
          estimate: 8e9 / point.y.estimate, low: 8e9 / point.y.high, high: 8e9 / point.y.low)
      )
    }
    guard let time = Self.interpolated(slope, at: workingSet) else {
      throw MissingNumber(name: "mountain.16384.\(stride)")
    }
    return Self.term("mountain at \(Self.bytes(workingSet)), stride \(stride)", time)
  }

  /// Bytes in a nanosecond of `read`, `write` or `copy` over `workingSet` bytes again and again:
  /// the share of them that was seen to come from memory at memory's bandwidth, the others at the
  /// cache's.
  public func bandwidth(
    _ operation: String, in workingSet: Double
  ) throws(MissingNumber) -> Bandwidth {
    Bandwidth(
      .quotient(.constant(1), try byteTime(operation, in: workingSet).node))
  }

  /// Time of a byte at that bandwidth.
  private func byteTime(
    _ operation: String, in workingSet: Double
  ) throws(MissingNumber) -> Time {
    let level = home(of: min(workingSet, Double(capacity(of: .l3) ?? 0)))
    let near = Size.exactly(1) / (try bandwidth("bandwidth.\(operation).\(level.rawValue)"))
    let share = try shareOfMemory(in: workingSet)
    let far = Size.exactly(1) / (try bandwidth("bandwidth.\(operation).memory"))
    return (1 - share) * near + share * far
  }

  /// Of the lines of `workingSet` bytes that are read in order again and again, the share that comes
  /// from memory: where the time of a line lies between the third level's and the largest set's.
  public func shareOfMemory(in workingSet: Double) throws(MissingNumber) -> Double {
    guard let nearest = capacity(of: .l2), workingSet > Double(nearest) else { return 0 }
    let near = 64 / (try readBandwidth(of: .l3)).value
    let far = try curve(.stream, at: .greatestFiniteMagnitude).value
    guard far > near else { return 1 }
    return Self.share(of: try curve(.stream, at: workingSet).value, from: near, to: far)
  }

  /// Of the lines of `workingSet` bytes that are visited again and again, the share that comes from
  /// memory: where the latency of a random cycle through them lies between the third level's and that
  /// of the longest cycle.
  func shareOfMemory(ofCycleOver workingSet: Double) throws(MissingNumber) -> Double {
    if isFarBeyondCaches(workingSet) { return 1 }
    guard let nearest = capacity(of: .l2), workingSet > Double(nearest), capacity(of: .l3) != nil
    else { return 0 }
    let near = try latency(of: .l3).value
    let far = try chaseLatency(in: .greatestFiniteMagnitude).value
    guard far > near else { return 1 }
    return Self.share(of: try chaseLatency(in: workingSet).value, from: near, to: far)
  }

  /// Of a working set that the second level would just hold and that is read again and again, the
  /// share that it does not: pages lie where the system puts them, so that some of its sets have too
  /// many lines. The latency of a random cycle of the same size shows how many.
  public func shareBeyondL2(of workingSet: Double) throws(MissingNumber) -> Double {
    guard home(of: workingSet) == .l2, capacity(of: .l3) != nil else { return 0 }
    let (near, far) = (try latency(of: .l2).value, try latency(of: .l3).value)
    guard far > near else { return 0 }
    return Self.share(of: try chaseLatency(in: workingSet).value, from: near, to: far)
  }

  /// How far the value is on the way from `near`, 0, to `far`, 1.
  private static func share(of value: Double, from near: Double, to far: Double) -> Double {
    min(1, max(0, (value - near) / (far - near)))
  }

  /// Time in which `bytes` are moved by `read`, `write` or `copy`, as `bandwidth` has it, of a
  /// working set of which the second level may hold a part and the third the rest.
  public func moving(
    _ bytes: Double, by operation: String, in workingSet: Double
  ) throws(MissingNumber) -> Time {
    let near = bytes * (try byteTime(operation, in: workingSet))
    let beyond = try shareBeyondL2(of: workingSet)
    guard beyond > 0 else { return near }
    let far = Size.exactly(bytes) / (try bandwidth("bandwidth.\(operation).l3"))
    return (1 - beyond) * near + beyond * far
  }

  func points(of curve: MachineCurve) -> [(x: Double, y: Interval)] {
    points(prefix: curve.rawValue + ".", suffix: "")
  }

  private func points(prefix: String, suffix: String) -> [(x: Double, y: Interval)] {
    let points = machine.numbers.compactMap { name, number -> (x: Double, y: Interval)? in
      guard name.hasPrefix(prefix), name.hasSuffix(suffix),
        let x = Int(name.dropFirst(prefix.count).dropLast(suffix.count))
      else { return nil }
      return (Double(x), number.quantity.interval)
    }
    return points.sorted { $0.x < $1.x }
  }

  private static func interpolated(
    _ points: [(x: Double, y: Interval)], at x: Double
  ) -> Interval? {
    guard let first = points.first, let last = points.last else { return nil }
    guard let above = points.firstIndex(where: { $0.x >= x }) else { return last.y }
    guard above > 0 else { return first.y }
    let (left, right) = (points[above - 1], points[above])
    func between(_ end: KeyPath<Interval, Double>) -> Double {
      let (a, b) = (left.y[keyPath: end], right.y[keyPath: end])
      return a + (x - left.x) / (right.x - left.x) * (b - a)
    }
    return Interval(
      estimate: between(\.estimate), low: between(\.low), high: between(\.high))
  }

  private static func term(_ name: String, _ time: Interval) -> Time {
    .input(name, time.estimate, low: time.low, high: time.high, source: TermSource.machine)
  }

  /// `48 KiB`, `1.5 MiB`: for the name of a curve's point.
  private static func bytes(_ count: Double) -> String {
    let steps = [(1024.0 * 1024 * 1024, "GiB"), (1024.0 * 1024, "MiB"), (1024.0, "KiB")]
    for (size, name) in steps where count >= size { return "\((count / size).brief) \(name)" }
    return "\(count.brief) B"
  }
}
