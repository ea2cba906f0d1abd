import Harness
import Results
import Techniques

extension Experiment {
  /// The same keys in three orders: sorted, breadth-first, in nodes of a cache line.
  static let searchLayout = Experiment(
    id: "cpu/search-layout",
    title: "Look-up in sorted keys: binary search → breadth-first order, and nodes of a line",
    slot: "performance/cpu/algorithmic",
    claim: """
      Looking up a key is several times faster in a layout made for searching than by binary \
      search in a sorted array, for tables from the size of the first cache level to far beyond \
      the last; for a dozen keys it makes no difference.
      """,
    mechanism: """
      Binary search is a comparison and a branch per level (and checks of the index and of \
      overflow, which never fail). On random keys half of the branches are mispredicted, and the \
      probes lie far apart, so each of the lower levels fetches a line for one key. In \
      breadth-first (Eytzinger) order the comparison becomes arithmetic, and the sixteen \
      descendants of a key four levels below share a line, which is prefetched in time. In nodes \
      of sixteen keys vector instructions compare a whole line without a branch, the number of \
      smaller keys is the number of the child, and each level divides the number of keys by \
      seventeen.
      """,
    limits: """
      The layouts are static: inserting a key means rebuilding the table, and visiting the keys in \
      sorted order is awkward in breadth-first order. Keys must be small, so that sixteen fill a \
      line. Each look-up here waits for the one before; independent look-ups overlap and gain \
      more.
      """,
    diagram: """
      flowchart TB
        subgraph before["binary search: {binary search}"]
          direction LR
          m["middle"] --> q["quarter"] --> e["eighth"] --> w["… a line and a branch each"]
        end
        subgraph after["breadth-first: {breadth-first}"]
          direction LR
          r["root"] --> c["2k or 2k + 1"] --> g["line of 16 already prefetched"]
        end
        subgraph tree["nodes of 16: {nodes of 16}"]
          direction LR
          n["16 keys, compared at once"] --> d["1 of 17 children"]
        end
        before -- "{speedup} at {point}" --> tree
        before --> after
      """,
    sweep: .bytes(
      "keys", [16 << 10, 256 << 10, 2 << 20, 64 << 20], smoke: 1 << 10,
      needs: { $0 >= 64 << 20 ? [.memory(6 * $0)] : [] }),
    signals: ["branch misses", "instructions"],
    work: { Work(elements: Double(lookupCount($0)), each: "look-up") },
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
    ] + searchLayoutPeers,
    model: { question throws(MissingNumber) in Model(try SearchTime(question).total()) })
}

/// Each key depends on the result of the look-up before.
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
