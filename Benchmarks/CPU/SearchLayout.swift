import Glibc
import Harness
import Results
import Techniques

extension Experiment {
  /// The same keys in three orders: sorted, breadth-first, in nodes of a cache line.
  static let searchLayout = Experiment(
    id: "cpu/search-layout",
    title: "Look-up in sorted keys: binary search → breadth-first layout, and nodes of a line",
    slot: "performance/cpu/algorithmic",
    claim: """
      Looking up a key is several times faster in a layout made for searching than by binary \
      search in the sorted array, from tables that fit the first cache to tables in memory; for a \
      dozen keys it makes no difference.
      """,
    mechanism: """
      Binary search compiles to a compare and a branch on each level (and checks of the index and \
      of overflow, which never fail), and on random keys every second guess is wrong; its probes lie far apart, so that each of the lower levels fetches a \
      line for one key. In the breadth-first (Eytzinger) order the comparison becomes arithmetic \
      (`cmp`, `setb`, `lea`), and the sixteen keys that can come four levels on share a line, \
      which `prefetcht0` asks for in time. In nodes of sixteen keys one `vpcmpud` with a memory \
      operand compares a whole line, `kmovw` and `popcnt` turn it into the number of the child, \
      and a level divides the keys by seventeen.
      """,
    limits: """
      The layouts are static: inserting means building anew, and walking the keys in order is \
      awkward in the breadth-first one. Keys must be small for sixteen of them to fill a line. \
      Each look-up here waits for the one before; independent ones overlap and gain more.
      """,
    diagram: """
      flowchart TB
        subgraph before["binary search: {binary search}"]
          direction LR
          m["middle"] --> q["quarter"] --> e["eighth"] --> w["… a line and a guess each"]
        end
        subgraph after["breadth-first: {breadth-first}"]
          direction LR
          r["root"] --> c["2k or 2k + 1"] --> g["line of 16 already on its way"]
        end
        subgraph tree["nodes of 16: {nodes of 16}"]
          direction LR
          n["16 keys, one comparison"] --> d["1 of 17 children"]
        end
        before -- "{speedup} at {point}" --> tree
        before --> after
      """,
    sweep: .bytes(
      "keys", [16 << 10, 256 << 10, 2 << 20, 64 << 20], smoke: 1 << 10,
      needs: { $0 >= 64 << 20 ? [.memory(6 * $0)] : [] }),
    signals: ["branch misses", "instructions"],
    work: { Work(elements: Double(lookupCount($0))) },
    variants: [
      Variant(
        "binary search", shows: ["lookUpByHalves"],
        prepare: { SearchInput($0) { $0 } },
        run: { input in lookUpByHalves(input.wanted, in: input.keys) }),
      Variant(
        "breadth-first", shows: ["lookUp"],
        prepare: { SearchInput($0) { EytzingerKeys(ascending: $0.span) } },
        run: { input in lookUp(input.wanted, in: input.keys) }),
      Variant(
        "nodes of 16", shows: ["lookUpInNodes"],
        prepare: { SearchInput($0) { NodeTree(ascending: $0.span) } },
        run: { input in lookUpInNodes(input.wanted, in: input.keys) }),
    ],
    predict: predictSearch)
}

/// More than a predictor can learn by heart, and their lines more than the second cache holds; where
/// a cache may hold the table, sixteen for each of its lines, since the other variants' tables have
/// pushed it out before each call.
private func lookupCount(_ bytes: Int) -> Int {
  bytes < 32 << 20 ? max(1 << 16, 16 * bytes / 64) : 1 << 16
}

/// A sorted table in some layout, and keys to look up.
private struct SearchInput<Keys> {
  let keys: Keys
  let wanted: [UInt32]

  init(_ point: Point, layout: ([UInt32]) -> Keys) {
    var random = point.generator()
    let count = point.value / 4
    // Gaps of 1 to 2ᵇ, with b so that all of them together stay below 2³².
    let gap = UInt32(1) << min(20, (UInt32.max / UInt32(count)).leadingZeroBitCount ^ 31)
    var key: UInt32 = 0
    let sorted = (0..<count).map { _ in
      key += 1 + UInt32(truncatingIfNeeded: random.next()) & (gap - 1)
      return key
    }
    wanted = (0..<lookupCount(point.value)).map { _ in .random(in: 0..<key, using: &random) }
    keys = layout(sorted)
  }
}

/// Each key that is looked up is known only when the one before has been found.
@inline(never)
private func lookUpByHalves(_ wanted: [UInt32], in keys: [UInt32]) -> UInt64 {
  var sum: UInt64 = 0
  var found: UInt32 = 0
  for key in wanted {
    let key = key ^ (found & 1)
    var low = 0
    var high = keys.count
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    found = low < keys.count ? keys[low] : 0
    sum &+= UInt64(found)
  }
  return sum
}

@inline(never)
private func lookUp(_ wanted: [UInt32], in keys: EytzingerKeys) -> UInt64 {
  var sum: UInt64 = 0
  var found: UInt32 = 0
  for key in wanted {
    found = keys.lowerBound(key ^ (found & 1)) ?? 0
    sum &+= UInt64(found)
  }
  return sum
}

@inline(never)
private func lookUpInNodes(_ wanted: [UInt32], in keys: NodeTree) -> UInt64 {
  var sum: UInt64 = 0
  var found: UInt32 = 0
  for key in wanted {
    found = keys.lowerBound(key ^ (found & 1)) ?? 0
    sum &+= UInt64(found)
  }
  return sum
}

private func predictSearch(_ question: OldQuestion) throws(MissingNumber) -> Prediction? {
  let cycle = try question.number("add.integer.latency")
  let miss = try question.number("branch.miss")
  let first = try FirstVisits(question)
  // How long calls are decides which of them find their lines where they left them.
  let warm = try Search(question, first, cold: Search())
  let search = try Search(question, first, cold: first.coldCalls(of: warm))
  let time = question.candidate == "breadth-first" ? search.breadthFirst : search.nodes
  return Prediction(
    speedup: search.halves / time,
    because: """
      On each level binary search does five steps of \(cycle.brief) ns and guesses wrong every \
      second time, which costs \(miss.brief) ns and the wait for the key, from the cache that \
      holds what was touched since its line was: \(search.halves.brief) ns. The breadth-first \
      order costs a near load and three steps a level, or a quarter of a far load where that is \
      more, since it was asked for four levels earlier: \(search.breadthFirst.brief) ns. Nodes of \
      16 cost one load and fourteen cycles a level, and need a quarter as many: \
      \(search.nodes.brief) ns. In a long call a line that it visits for the first time is \
      \(first.latency.brief) ns away, where the other variants have left it.
      """)
}

/// A quantity of each variant: nanoseconds of a look-up, or whether calls are cold (1) or not (0).
private struct Search {
  var halves = 0.0
  var breadthFirst = 0.0
  var nodes = 0.0

  init() {}

  /// Sums the levels of a search, from the root, each at the latency of where it lives. A line of a
  /// level with n of them is used again after about n look-ups, and each of these has brought a
  /// line of every level below it as well: it is as near as all these lines together fit (the stack
  /// distance of Mattson et al., IBM Systems Journal 9(2), 1970). The first time in a call that
  /// nothing has warmed up, it is where the other variants' calls have left it.
  init(_ question: OldQuestion, _ first: FirstVisits, cold: Search) throws(MissingNumber) {
    let cycle = try question.number("add.integer.latency")
    let near = try question.latency(of: .l1)
    let miss = try question.number("branch.miss")
    let bytes = Double(question.value)
    breadthFirst = 2 * near + 4 * cycle
    // The key found last is loaded, and makes the next one: two operations, and four cycles until
    // it is in all lanes of a vector (uops.info, Zen 4: VPBROADCASTD from a general register).
    nodes = near + 6 * cycle
    var reach = 1.0
    while reach * 4 <= bytes {
      // A line for each probe, until the last sixteen keys, which share one. The levels above have
      // as many lines as this one.
      let below = max(0, log2(bytes / 64 / reach))
      let again =
        reach * 64 <= bytes ? try question.chaseLatency(in: 64 * reach * (2 + below)) : near
      let far =
        reach * 64 <= bytes
        ? first.mean(of: again, share: cold.halves * first.share(lines: reach)) : near
      // On each level add, shift, add, shift and a move; on half of them a wrong guess, which is
      // found out when the key has come.
      halves += 5 * cycle + (far + miss) / 2
      // Compare, set, shift-and-add after a load from the line asked for four levels before.
      // Here every level down to the last key has lines of its own.
      let lower = log2(bytes / 4 / reach)
      let packed = try question.chaseLatency(in: min(bytes, 4 * reach * (2 + lower)))
      let share = cold.breadthFirst * first.share(lines: reach / 16)
      // A first visit shares its wait with those of the three levels before.
      let wait = first.latency / (1 + 3 * share)
      let step = near + 3 * cycle
      breadthFirst += (1 - share) * max(step, packed / 4) + share * max(step, wait)
      reach *= 2
    }
    var keys = bytes / 4
    var levels = 1.0
    while keys > 1 {
      // Compare 3 and mask to register 3 cycles (uops.info, Zen 4: VPCMPUD, KMOVW), a vector's load
      // 3 more than an integer's, population count, two shifts and two additions.
      let again = try question.chaseLatency(in: min(bytes, 4 * keys * levels))
      let share = cold.nodes * first.share(lines: keys / 16)
      nodes += first.mean(of: again, share: share) + 14 * cycle
      keys = keys <= 16 ? 1 : keys / 17
      levels += 1
    }
  }
}

/// Lines that a call visits for the first time: the others have gone over their tables and lists
/// of keys since the last, the halved one twice, as baseline and as its own proof.
private struct FirstVisits {
  private let lookups: Double
  /// Nanoseconds to such a line.
  let latency: Double

  init(_ question: OldQuestion) throws(MissingNumber) {
    lookups = Double(lookupCount(question.value))
    latency = try question.chaseLatency(in: 4 * (Double(question.value) + 4 * lookups))
  }

  /// 1 for each variant whose calls come after the others' and not after its own.
  func coldCalls(of times: Search) -> Search {
    func cold(_ time: Double) -> Double { SampleLength.isCold(time * lookups) ? 1 : 0 }
    var calls = Search()
    (calls.halves, calls.breadthFirst, calls.nodes) = (
      cold(times.halves), cold(times.breadthFirst), cold(times.nodes)
    )
    return calls
  }

  /// Of all look-ups, those that are the first to come to their line of so many, at random.
  func share(lines: Double) -> Double {
    let lines = max(1, lines)
    return lines / lookups * (1 - exp(-lookups / lines))
  }

  /// Of latencies, where `again` is that of a line that the call has been to before.
  func mean(of again: Double, share: Double) -> Double {
    (1 - share) * again + share * max(again, latency)
  }
}
