/// What a run of a system gave, by the names of its parts. Asking for a name that the system does
/// not have is a programmer's mistake.
public struct SystemOutcome: Sendable {
  /// A digest of all events with their times: equal for equal runs.
  public let trace: UInt64
  /// Events that happened.
  public let events: Int
  /// A digest of what open sources sent: equal for systems that are given the same.
  public let offered: UInt64
  /// Seconds that were counted: the time less the warm-up.
  public let seconds: Double
  private let sources: [String: SourceOutcome]
  private let tiers: [String: TierOutcome]
  private let caches: [String: CacheOutcome]
  private let stores: [String: StoreOutcome]

  /// What became of a source's requests.
  public subscript(source: String) -> SourceOutcome { found(sources, source, "source") }

  /// How a tier fared.
  public func tier(_ name: String) -> TierOutcome { found(tiers, name, "tier") }

  /// How often a cache had what was asked for.
  public func cache(_ name: String) -> CacheOutcome { found(caches, name, "cache") }

  /// What a store's readers and writers got.
  public func store(_ name: String) -> StoreOutcome { found(stores, name, "store") }

  /// Dollars, of all tiers.
  public var cost: Double { tiers.values.map(\.cost).reduce(0, +) }

  private func found<Part>(_ parts: [String: Part], _ name: String, _ kind: String) -> Part {
    guard let part = parts[name] else {
      preconditionFailure("there is no \(kind) \(name); there is \(parts.keys.sorted())")
    }
    return part
  }

  init(
    _ engine: borrowing Engine, _ sourceNames: [String], _ declared: [Tier],
    _ cacheNames: [String], _ storeNames: [String]
  ) {
    let setup = engine.setup
    trace = engine.trace
    events = engine.events
    offered = engine.offered
    let seconds = setup.horizon - setup.warmUp
    self.seconds = seconds
    var sources: [String: SourceOutcome] = [:]
    for (index, name) in sourceNames.enumerated() {
      sources[name] = SourceOutcome(
        setup.sources.base[index].counts, seconds,
        ResponseTimes(
          buckets: setup.histograms[index].buckets(), sum: setup.histograms[index].sum,
          highest: setup.histograms[index].highest),
        setup.interval > 0
          ? (0..<setup.intervals).map {
            SeriesInterval(setup.series.base[index * setup.intervals + $0], $0, setup.interval)
          } : [])
    }
    self.sources = sources
    tiers = Dictionary(
      uniqueKeysWithValues: zip(declared, setup.closing).map {
        ($0.name, TierOutcome($1, $0, seconds))
      })
    caches = Dictionary(
      uniqueKeysWithValues: cacheNames.enumerated().map { index, name in
        let cache = setup.caches.base[index]
        return (name, CacheOutcome(hits: cache.hits, misses: cache.misses))
      })
    stores = Dictionary(
      uniqueKeysWithValues: storeNames.enumerated().map { index, name in
        let counts = setup.stores.base[index].counts
        return (
          name,
          StoreOutcome(
            reads: counts.reads, staleReads: counts.stale, writes: counts.writes,
            lostWrites: counts.lost)
        )
      })
  }
}

/// How often a cache had what was asked for.
public struct CacheOutcome: Equatable, Sendable {
  /// Look-ups that found their key.
  public let hits: Int
  /// Look-ups that did not.
  public let misses: Int

  /// The share of look-ups that found their key.
  public var hitRatio: Double { Double(hits) / Double(max(1, hits + misses)) }
}

/// What a store's readers and writers got.
public struct StoreOutcome: Equatable, Sendable {
  /// Reads that were answered.
  public let reads: Int
  /// Reads that got an older version than one that had been acknowledged when they began.
  public let staleReads: Int
  /// Writes that were acknowledged.
  public let writes: Int
  /// Acknowledged writes that a failover has lost.
  public let lostWrites: Int

  /// The share of reads that were stale.
  public var staleShare: Double { Double(staleReads) / Double(max(1, reads)) }
}
