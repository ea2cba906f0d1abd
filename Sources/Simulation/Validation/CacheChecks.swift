/// LRU caches, and replicated data.
let cacheChecks: [ValidationCheck] =
  [(0.8, 1_000), (0.8, 10_000), (1.0, 1_000), (1.0, 10_000)].map(leastRecentlyUsed)
  + [twoPopulations] + staleReads + [quorum]

private func leastRecentlyUsed(_ exponent: Double, _ slots: Int) -> ValidationCheck {
  let theory = CacheTheory(zipf: 100_000, exponent: exponent)
  return ValidationCheck(
    "lru-\(Int(10 * exponent))-\(slots)",
    "LRU of \(slots) slots, 100,000 keys by Zipf's law with exponent \(exponent)",
    [.init("hit ratio", theory.hitRatio(slots: slots), within: 0.001)],
    source: "Che, Tung and Wang 2002, an approximation, hence the tolerance", replications: 3
  ) { seed, length in
    let cache = Cache("cache", slots: slots).missing(Route.delay("origin", .none))
    let system = System {
      Source(
        "requests", .poisson(perSecond: 1), keys: .zipf(100_000, exponent: exponent), to: cache)
    }
    // Until the cache is full, and as long again.
    let warmUp = 8.0 * Double(slots) / (1 - theory.hitRatio(slots: slots)) * 0.5
    let outcome = system.run(
      seed: seed, for: .seconds(warmUp + 40_000 * length), warmUp: .seconds(warmUp))
    return [outcome.cache("cache").hitRatio]
  }
}

/// The keys of one source twice as often as those of the other.
private let twoPopulations: ValidationCheck = {
  let keys = CacheTheory(zipf: 10_000, exponent: 0.8).rates
  let theory = CacheTheory(rates: keys.map { 2 * $0 } + keys)
  return ValidationCheck(
    "lru-two", "LRU of 1,000 slots for two sources with 10,000 keys each, one twice as busy",
    [.init("hit ratio", theory.hitRatio(slots: 1_000), within: 0.001)],
    source: "Che, Tung and Wang 2002, an approximation, hence the tolerance", replications: 3
  ) { seed, length in
    let cache = Cache("cache", slots: 1_000).missing(Route.delay("origin", .none))
    let system = System {
      Source(
        "busy", .poisson(perSecond: 2), keys: .zipf(10_000, exponent: 0.8), to: cache)
      Source(
        "other", .poisson(perSecond: 1), keys: .zipf(10_000, exponent: 0.8, from: 10_000),
        to: cache)
    }
    let outcome = system.run(
      seed: seed, for: .seconds(2_000 + 20_000 * length), warmUp: .seconds(2_000))
    return [outcome.cache("cache").hitRatio]
  }
}()

/// A write, and a read so long after it has been acknowledged.
private func staleShare(
  _ store: Store, after milliseconds: Double, _ seed: UInt64, _ length: Double
) -> Double {
  let wait = Route.delay("until the read", .exactly(.milliseconds(milliseconds)))
  let system = System {
    // One at a time: the think time lets every replica have the write before the next.
    Source(
      "client", .closed(users: 1, think: .exactly(.seconds(20))),
      to: store.write.then(wait).then(store.read))
  }
  let outcome = system.run(seed: seed, for: .seconds(20 * 20_000 * length + 100))
  return outcome.store("replicas").staleShare
}

/// R = W = 1 of three replicas, against the paper's figures.
private let staleReads: [ValidationCheck] = [
  ("ssd", "LinkedIn's disks of flash", StoreLatency.flash, 0.0, 0.974),
  ("disk", "LinkedIn's spinning disks", .disk, 0.0, 0.439),
  ("disk", "LinkedIn's spinning disks", .disk, 10.0, 0.925),
  ("yammer", "Yammer's stores", .yammer, 0.0, 0.893),
  ("yammer", "Yammer's stores", .yammer, 1_364.0, 0.999),
].map { id, name, latency, milliseconds, fresh in
  ValidationCheck(
    "pbs-\(id)-\(Int(milliseconds))",
    "three replicas, R = W = 1, \(name), read \(Int(milliseconds)) ms after the write",
    [.init("share of fresh reads", fresh, within: 0.007)],
    source:
      "Bailis et al., *Probabilistically Bounded Staleness*, VLDB 2012, itself simulated from "
      + "fitted latencies and printed with three digits, hence the tolerance"
  ) { seed, length in
    let store = Store.quorum("replicas", replicas: 3, reads: 1, writes: 1, latency: latency)
    return [1 - staleShare(store, after: milliseconds, seed, 0.3 * length)]
  }
}

private let quorum = ValidationCheck(
  "pbs-quorum", "three replicas, R = W = 2, Yammer's stores",
  [.init("share of fresh reads", 1)], source: "Gifford, *Weighted Voting*, 1979: quorums intersect",
  replications: 3
) { seed, length in
  let latency = StoreLatency.yammer
  let store = Store.quorum("replicas", replicas: 3, reads: 2, writes: 2, latency: latency)
  return [1 - staleShare(store, after: 0, seed, 0.2 * length)]
}
