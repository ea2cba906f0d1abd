import Disks
import Harness
import Platform
import Results
import Statistics
import Techniques

extension Experiment {
  /// Reads at random through a cache that holds a part of the set, or all of it.
  static let workingSet = Experiment(
    id: "storage/working-set",
    title: "Reads of a set larger than the cache → the set within the cache",
    slot: "performance/storage/analysis",
    claim: """
      A cache that is 1% too small for its working set makes reads at random several times slower on \
      average, and one of half the set tens of times, even though most reads hit: a read from the \
      device takes hundreds of times as long as a hit, so the misses are the time.
      """,
    mechanism: """
      The mean time is hit share × time of a hit + miss share × time of a read. With a device at tens \
      of microseconds and a hit at a tenth of one, 1% of misses costs several times what all hits do. \
      Popularity follows Zipf's law (skew 0.8), so that a small cache has more hits than its share \
      of the set: how many follows from Che's approximation. The cache is a program's own, with CLOCK \
      for eviction, over direct reads; the page cache behaves alike, but can't be sized for one \
      program.
      """,
    limits: """
      A scan through the set flushes CLOCK and LRU alike: then the cache serves nothing, whatever its \
      size below the set. Several reads in flight hide a part of the misses' latency. Where reads at \
      random are not skewed at all, the hit share is the cache's share of the set, and each byte of \
      cache is worth as much as the next. Neighbours that are used together belong in one block.
      """,
    diagram: """
      flowchart LR
        r["reads at random, 4,096 blocks"] --> small["cache for {point} of them: {smaller cache}"]
        r --> whole["cache for all: {set in the cache}"]
        small -- "misses" --> disk["device"]
        small -- "{speedup}" --> whole
      """,
    sweep: .count(
      "cache", [10, 50, 90, 99], smoke: 50, label: { "\($0)% of the set" }),
    signals: ["hit share"],
    needs: [.disk(bytes: 32 << 20)], tolerates: [.preempted],
    work: { _ in Work(elements: Double(readCount), each: "read") },
    variants: [
      Variant(
        "smaller cache", shows: ["readThrough"],
        prepare: { try CachedSet($0, slots: CachedSet.blocks * $0.value / 100) },
        report: { $0.report() }, run: { set in attempt { try readThrough(set) } }),
      Variant(
        "set in the cache", shows: ["readThrough"],
        prepare: { try CachedSet($0, slots: CachedSet.blocks) },
        report: { $0.report() }, run: { set in attempt { try readThrough(set) } }),
    ],
    headline: DeclaredHeadline(value: 99, variant: "set in the cache"),
    model: { question throws(MissingNumber) in
      let hit = try question.time("clock.hit")
      // While other variants run, what this one has used leaves the caches; the warm-up calls and
      // half of the timed one bring a part back.
      let calls = 2 * SampleLength.fewestWarmUpCalls + 1
      let cold = 1 - CachedSet.popularity.repeated(within: readCount * calls / 2)
      let lines = cold * (try question.chaseLatency(in: 3 * Double(CachedSet.blocks << 12)))
      let evicted = lines.named(
        "first line of a block", because: "The other variants' sets have evicted it.")
      guard question.isBaseline else { return Model(hit.named("hits") + evicted) }
      let share = CachedSet.popularity.hitShare(cached: CachedSet.blocks * question.value / 100)
      let read = try question.time("read.random.4k")
      return Model(
        hit.named("look-ups") + evicted
          + ((1 - share) * read).named("misses", because: "Che's approximation."))
    })
}

private let readCount = 512

/// - Returns: how many sectors are right.
@inline(never)
private func readThrough(_ set: CachedSet) throws -> UInt64 {
  var right = 0
  for _ in 0..<readCount {
    let block = set.next()
    let slot: Int
    if let found = set.cache.slot(of: block) {
      slot = found
    } else {
      slot = set.cache.replace(with: block)
      try set.load(block, into: slot)
    }
    right += BlockFile.rightSectors(set.bytes(in: slot), from: block)
  }
  return UInt64(right)
}
