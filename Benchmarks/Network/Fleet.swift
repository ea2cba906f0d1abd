import Harness
import Platform
import Results
import Techniques

/// What network/consistent-hashing compares.
let misses = "misses after a node left"
/// All of which the caches hold at first.
let keyCount = 20_000

/// Keys, and where they are looked for before and after a node has left.
final class Fleet<Placement: KeyPlacement> {
  let before, after: Placement
  let keys, later: [UInt64]
  let nodes: Int
  var missed = 0
  private let lookup, fullest: Double

  init(_ point: Point, before: Placement, after: Placement) {
    (self.before, self.after, nodes) = (before, after, point.value)
    var random = point.generator()
    let keys = (0..<keyCount).map { _ in random.next() | 1 }
    (self.keys, later) = (keys, keys.shuffled(using: &random))
    var counts = [Int](repeating: 0, count: point.value)
    let start = Int(Clock.now())
    for key in keys { counts[before.node(of: key)] += 1 }
    lookup = Double(Int(Clock.now()) - start) / Double(keyCount)
    fullest = Double(counts.max()! * point.value) / Double(keyCount)
  }

  var reports: [String: Counter] {
    [
      misses: Counter(100 * Double(missed) / Double(keyCount), unit: .share),
      "ns per look-up": Counter(lookup, unit: .nanoseconds),
      "fullest node ÷ mean": Counter(fullest, unit: .count),
    ]
  }
}
