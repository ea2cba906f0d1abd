import Glibc
import Harness

/// The model of a look-up: the levels of a search, from the root, each at the latency of where its
/// keys are.
///
/// A line of a level with n lines is used again after about n look-ups, and each of these has read
/// a line of every level below it as well: it is in the nearest cache that holds all these lines
/// together (the stack distance of Mattson et al., IBM Systems Journal 9(2), 1970). In a long call a
/// first visit goes to where the other variants' calls have left the line.
struct SearchTime {
  private let question: Question
  private let bytes, lookups: Double
  private let cycle, near: Time
  /// Latency of a first visit. The others have read their tables and lists of keys since the last
  /// call; binary search has done so twice, as baseline and as its own null comparison.
  private let first: Time

  init(_ question: Question) throws(MissingNumber) {
    self.question = question
    bytes = Double(question.value)
    lookups = Double(lookupCount(question.value))
    cycle = try question.time("add.integer.latency")
    near = try question.latency(of: .l1)
    first = try question.chaseLatency(in: 4 * (bytes + 4 * lookups))
  }

  /// Time of a look-up by the question's variant. The length of its calls decides whether they find
  /// their lines where they left them.
  func total() throws(MissingNumber) -> Time {
    let warm = try total(isCold: false)
    return SampleLength.isCold(warm.value * lookups) ? try total(isCold: true) : warm
  }

  private func total(isCold: Bool) throws(MissingNumber) -> Time {
    switch question.variant {
    case "binary search": try halves(isCold)
    case "breadth-first": try breadthFirst(isCold)
    default: try nodes(isCold)
    }
  }

  private func halves(_ isCold: Bool) throws(MissingNumber) -> Time {
    let miss = try question.time("branch.miss")
    var total = Time.zero
    var reach = 1.0
    while reach * 4 <= bytes {
      // A line for each probe, until the last sixteen keys, which share one. The levels above have
      // as many lines as this one.
      let below = max(0, log2(bytes / 64 / reach))
      let load =
        reach * 64 <= bytes
        ? mean(
          of: try question.chaseLatency(in: 64 * reach * (2 + below)),
          share: firstVisits(isCold, lines: reach)) : near
      // Each level adds, shifts, adds, shifts and moves. Half of them mispredict, which is noticed
      // when the key has arrived.
      total +=
        (5 * cycle).named("dependent instructions") + (load / 2).named("loads of the keys")
        + (miss / 2).named("mispredictions")
      reach *= 2
    }
    return total
  }

  private func breadthFirst(_ isCold: Bool) throws(MissingNumber) -> Time {
    var total = (2 * near + 4 * cycle).named("fixed cost of a look-up")
    var reach = 1.0
    while reach * 4 <= bytes {
      // Compare, set, shift and add after a load from the line that was prefetched four levels
      // before. Here every level down to the last key has lines of its own.
      let step = (near + 3 * cycle).named("L1 loads and dependent instructions")
      let lower = log2(bytes / 4 / reach)
      let packed = try question.chaseLatency(in: min(bytes, 4 * reach * (2 + lower)))
      let share = firstVisits(isCold, lines: reach / 16)
      // A first visit shares its wait with those of the three levels before.
      let wait = first / (1 + 3 * share)
      total +=
        (1 - share) * longest(step, (packed / 4).named("prefetched lines"))
        + share * longest(step, wait.named("prefetched lines"))
      reach *= 2
    }
    return total
  }

  private func nodes(_ isCold: Bool) throws(MissingNumber) -> Time {
    // The key found last is loaded, and makes the next one: three operations, and four cycles until
    // it is in all lanes of a vector (Zen 4: VMOVD 3, VPBROADCASTD 1).
    var total = (near + 7 * cycle).named("fixed cost of a look-up")
    var keys = bytes / 4
    var levels = 1.0
    while keys > 1 {
      // A vector's load takes 3 cycles more than an integer's. Then compare 1, pack 2, mask to
      // register 5, population count 1 and the child's place 1 (Zen 4, AVX2).
      let again = try question.chaseLatency(in: min(bytes, 4 * keys * levels))
      let load = mean(of: again, share: firstVisits(isCold, lines: keys / 16))
      total +=
        load.named("loads of the nodes") + (13 * cycle).named("comparison and index of the child")
      keys = keys <= 16 ? 1 : keys / 17
      levels += 1
    }
    return total
  }

  /// Of all look-ups, those that are the first to come to their line of so many, at random; none in
  /// a call that finds its lines where the last one left them.
  private func firstVisits(_ isCold: Bool, lines: Double) -> Double {
    guard isCold else { return 0 }
    let lines = max(1, lines)
    return lines / lookups * (1 - exp(-lookups / lines))
  }

  /// Mean of latencies, where `again` is that of a line that the call has visited before.
  private func mean(of again: Time, share: Double) -> Time {
    (1 - share) * again + share * longest(again, first)
  }
}
