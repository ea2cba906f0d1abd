import Results

/// Reading in order.
extension Question {
  /// Reading `bytes` in order out of a set of `workingSet` bytes that is read over and over, beside
  /// `compute` of work on it: the longer of the two for what comes from a cache. For what comes from
  /// memory, `lineFromMemory` if that is longer.
  /// - Parameter arrays: that are read side by side. Their lines are waited for at the same time.
  public func streaming(
    _ bytes: Double, of workingSet: Double, arrays: Double = 1, compute: Time
  ) throws(MissingNumber) -> Time {
    let lines = bytes / 64
    let (work, level) = (Self.named(compute), home(of: workingSet))
    func reading(_ line: Time, from level: MemoryLevel) -> Time {
      longest(work, (lines * line).named("bandwidth of \(level.title)"))
    }
    let share = try shareOfMemory(in: workingSet)
    guard share > 0, let line = try lineFromMemory(beside: arrays * compute / lines) else {
      return reading(try orderedLine(in: workingSet), from: level)
    }
    let moved = Size.exactly(bytes) / (try readBandwidth(of: .memory))
    let far = longest(
      work, (lines / arrays * line).named("lines from memory"),
      moved.named("bandwidth of memory"))
    guard share < 1 else { return far }
    let near = Size.exactly(64) / (try readBandwidth(of: .l3))
    return (1 - share) * reading(near, from: .l3) + share * far
  }

  /// `streaming` where each call goes over its `own` bytes once, amid `all` bytes of the variants.
  public func streaming(
    _ bytes: Double, ofOnce own: Double, amid all: Double, arrays: Double = 1, compute: Time
  ) throws(MissingNumber) -> Time {
    try once(own, amid: all, each: bytes) { set throws(MissingNumber) in
      try streaming(bytes, of: set, arrays: arrays, compute: compute)
    }
  }

  /// What an element takes where each call goes over its `own` bytes once. The call before has left
  /// them in the caches, as far as they fit, unless calls are so long that none goes before a sample to
  /// warm up: then a call finds what is left of `all` bytes of the variants.
  /// - Parameters:
  ///   - bytes: of an element.
  ///   - time: of an element of such a working set.
  public func once(
    _ own: Double, amid all: Double, each bytes: Double,
    time: (_ workingSet: Double) throws(MissingNumber) -> Time
  ) throws(MissingNumber) -> Time {
    let far = try time(all)
    return SampleLength.isCold(own / bytes * far.value) ? far : try time(own)
  }

  /// Time of a line of `workingSet` bytes that are read in order over and over: from the curve, and
  /// far beyond the caches from memory's bandwidth alone.
  public func orderedLine(in workingSet: Double) throws(MissingNumber) -> Time {
    isFarBeyondCaches(workingSet)
      ? Size.exactly(64) / (try readBandwidth(of: .memory)) : try curve(.stream, at: workingSet)
  }

  /// Time of a line that comes from memory in order, with `work` that a loop has for it. Prefetching
  /// stops at the end of a page, and the more steps a loop takes for a line, the fewer lines a core
  /// looks ahead. So it takes longer than the work, and longer than the line alone.
  ///
  /// Nil on machines measured before that was a curve.
  public func lineFromMemory(beside work: Time) throws(MissingNumber) -> Time? {
    let points = points(of: .plain)
    guard let first = points.first?.x, let last = points.last?.x else { return nil }
    let step = try loopStep()
    let steps = work.value / step.value
    let plain = try curve(.plain, at: min(max(steps, first), last))
    if steps > last { return work + longest(plain - last * step, .zero) }
    if steps >= first { return plain }
    // Loops of vectors are at the beginning of the curve.
    let vectors = Size.exactly(64) / (try readBandwidth(of: .memory))
    let share = steps / first
    return (1 - share) * vectors + share * plain
  }

  /// Reading `bytes` in order out of `workingSet` bytes that are read over and over, by a loop that
  /// loads one word every `stride` bytes, beside `compute` of work on them: the longer of the two, for
  /// the words that come from a cache and for those that come from memory.
  ///
  /// The loop behind `streaming` asks for a whole line with each instruction. Here a line takes
  /// several, so that the core has fewer lines in flight. Where words lie more than a line apart,
  /// nothing prefetches them from memory for the one load that the loop has.
  /// - Parameter stride: 8 to 256 bytes, a power of two.
  public func scan(
    _ bytes: Double, loadEvery stride: Int, of workingSet: Double, compute: Time
  ) throws(MissingNumber) -> Time {
    let words = bytes / Double(stride)
    let work = Self.named(compute)
    // Lines between the words are in no cache.
    let spread = Double(max(64, stride)) / 64
    let share = try shareOfMemory(ofCycleOver: workingSet / spread)
    // The mountain has few sizes; four times the second level is in the third.
    let inCaches = min(workingSet, 4 * Double(capacity(of: .l2) ?? .max))
    let near = longest(
      work, (words * (try stridedWord(stride, in: inCaches))).named("words from a cache"))
    guard share > 0 else { return near }
    let word =
      try stride > 64
      ? randomLine(in: workingSet) : stridedWord(stride, in: .greatestFiniteMagnitude)
    var far = longest(work, (words * word).named("words from memory"))
    let lines = min(words, bytes / 64)
    if let line = try lineFromMemory(beside: compute / lines) {
      far = longest(far, (lines * line).named("lines from memory"))
    }
    return (1 - share) * near + share * far
  }

  private static func named(_ compute: Time) -> Time {
    compute.node.hasNamedParts ? compute : compute.named("computation")
  }
}
