import Harness
import Results

/// The model of a transposition element by element: one column of the result lies on as many lines
/// as the matrix has rows, and sixteen elements are a line read and a line of such a column written.
struct TransposedColumn {
  private let question: Question
  private let side: Double
  /// The nearest level that holds the column's lines, by the sets that they map to.
  private let stay: MemoryLevel
  /// The least time of a visit where the first level doesn't hold the lines: their sets are crowded.
  private let crowded: Time

  init(_ question: Question) throws(MissingNumber) {
    self.question = question
    side = Double(question.value)
    let stride = question.value * 4
    stay =
      [.l1, .l2, .l3].first { question.holds(question.value, atStride: stride, in: $0) }
      ?? .memory
    let sets = question.sets(of: .l1, atStride: stride)?.count ?? question.value
    crowded = stay == .l1 ? .zero : try Self.visit(to: sets, question)
  }

  /// A visit writes a word, or half a line. On machines measured before the latter was a curve, it
  /// costs what the stores of single words do.
  private static func visit(to sets: Int, _ question: Question) throws(MissingNumber) -> Time {
    let name = "stores with conflict misses"
    if !question.isBaseline, let half = try? question.curve(.crowdedHalf, at: Double(sets)) {
      return half.named(name)
    }
    return try question.curve(.crowdedStore, at: Double(sets)).named(name)
  }

  /// What an element costs by the question's variant; nil where stores in immediate succession to the
  /// crowded sets take longer than the way to the second level and back. Then lines are evicted before
  /// their stores and fetched more than once, and how often depends on what else the loop does.
  var model: Model? {
    get throws(MissingNumber) {
      let fetched = try question.latency(of: .l2) + question.latency(of: .l1)
      if question.isBaseline && crowded.value > fetched.value { return nil }
      // Two more variants have a pair of matrices each, and so has the baseline's second instance.
      let own = 8 * side * side
      let both = try question.once(own, amid: 4 * own, each: 128) { set throws(MissingNumber) in
        try line(in: set)
      }
      return Model(both / 16)
    }
  }

  /// Time of a line written and a line read, out of so many bytes. A core takes its work and their
  /// transfer one after the other: stores that wait for a line soon fill its queue.
  private func line(in set: Double) throws(MissingNumber) -> Time {
    let (visits, work) = try way()
    let pair = try pair(in: set)
    // Where the second level's sets are crowded too, a line comes from beyond it, and then waits for
    // a place in the first.
    let isCrowdedTwice = stay == .l3 || stay == .memory
    let first = isCrowdedTwice ? work + crowded + pair : longest(crowded, work + pair)
    return first + (visits - 1) * longest(work, try again())
  }

  /// How often the question's variant visits a line of the result, and its instructions each time.
  private func way() throws(MissingNumber) -> (visits: Double, work: Time) {
    if question.isBaseline {
      // An element has three branches, one that is taken and two for overflow, among nine
      // instructions, counted in the machine code.
      return (
        16, try longest(question.branches(3), question.begun(9)).named("branches or instructions")
      )
    }
    // Eight stores, each with a branch; with the loops around them 36 instructions, counted in the
    // machine code.
    var store = try question.time("store.throughput")
    if let float = try? question.time("store.throughput.float") { store = float }
    let work = try longest(8 * store, question.branches(8), question.begun(36))
    return (2, work.named("stores, branches or instructions"))
  }

  /// Both lines are moved, and one is written back. Written lines are a row apart, on a page of their
  /// own where rows are long, so that nothing prefetches them.
  private func pair(in set: Double) throws(MissingNumber) -> Time {
    let level = question.home(of: set)
    guard level != .l1 else { return .zero }
    let name = "bandwidth.copy.\(level.rawValue)"
    let moved = (Size.exactly(128) / (try question.bandwidth(name))).named(
      "copy bandwidth of \(level.title)")
    guard level == .memory else { return moved }
    return longest(moved, try stored(in: set, from: level), try pages)
  }

  /// Stores whose lines nothing prefetches. On machines measured before that was a curve, they take
  /// as long as such loads.
  private func stored(
    in set: Double, from level: MemoryLevel
  ) throws(MissingNumber) -> Time {
    let name = "misses in parallel"
    if let line = try? question.curve(.scatteredStores, at: set) { return line.named(name) }
    return try question.overlappedLine(from: level).named(name)
  }

  /// Translation of the addresses of a column's lines.
  private var pages: Time {
    get throws(MissingNumber) {
      try question.wordOfRows(side, in: 4 * side * side).named("lines on different pages")
    }
  }

  /// Time of a line that is visited again: it comes and another one goes, each at the rate of words
  /// that lie far apart.
  private func again() throws(MissingNumber) -> Time {
    switch stay {
    case .l1: return .zero
    case .l2:
      let words = try 2 * question.stridedWord(256, in: 64 * side)
      return longest(crowded, words.named("column lines from L2"), try pages)
    case .l3:
      let missed = try stored(in: 3 * Double(question.capacity(of: .l2) ?? 0), from: .l3)
      let line = Size.exactly(64) / (try question.bandwidth("bandwidth.write.l3"))
      return crowded + longest(line.named("write bandwidth of L3"), missed, try pages)
    case .memory: return crowded + (try pair(in: .greatestFiniteMagnitude))
    }
  }
}
