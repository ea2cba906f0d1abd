import Statistics

/// Plain structs in one piece of memory.
struct Buffer<Element> {
  let base: UnsafeMutablePointer<Element>
  let count: Int

  init(_ values: [Element]) {
    base = .allocate(capacity: max(1, values.count))
    base.initialize(from: values, count: values.count)
    count = values.count
  }

  func free() { base.deallocate() }
}

/// A system in the form that the engine runs: flat tables, which are freed with this.
final class Setup {
  let horizon: Double
  let warmUp: Double
  let drains: Bool
  let interval: Double
  let intervals: Int
  let nodes: Buffer<Node>
  let steps: Buffer<Int32>
  let draws: Buffer<Draw>
  let tiers: Buffer<TierState>
  let replicas: Buffer<Replica>
  let queues: Buffer<Queue>
  let sources: Buffer<SourceState>
  let caches: Buffer<CacheState>
  let stores: Buffer<StoreState>
  let breakers: Buffer<BreakerState>
  let budgets: Buffer<Double>
  let growths: [Double]
  let choices: [[Double]]
  let arrivals: [Arrivals]
  let failures: [FailureDraws?]
  var scalings: [ScalingState?]
  let outages: [(start: Double, length: Double, state: OutageState)]
  let histograms: UnsafeMutablePointer<Histogram>
  /// Of replicas that share their processor.
  let shares: UnsafeMutablePointer<Calendar>
  let keys: UnsafeMutablePointer<KeySampler>
  let series: Buffer<SeriesCell>
  /// Counts of the tiers at the end of the time.
  var closing: [TierCounts] = []
  private let tables: Tables
  private let keyCount: Int

  init(
    _ compiler: consuming Compiler, for horizon: Double, warmUp: Double, drains: Bool,
    interval: Double
  ) {
    self.horizon = horizon
    self.warmUp = warmUp
    self.drains = drains
    self.interval = interval
    intervals = interval > 0 ? Int((horizon / interval).rounded(.up)) : 1
    nodes = Buffer(compiler.nodes)
    steps = Buffer(compiler.steps)
    draws = Buffer(compiler.draws)
    tiers = Buffer(compiler.tiers)
    replicas = Buffer(compiler.replicas)
    queues = Buffer(Array(repeating: Queue(), count: compiler.queueCount))
    sources = Buffer(compiler.sources)
    caches = Buffer(compiler.caches)
    stores = Buffer(compiler.stores)
    breakers = Buffer(compiler.breakers)
    budgets = Buffer(compiler.budgets)
    growths = compiler.growths
    choices = compiler.choices
    arrivals = compiler.arrivals
    failures = compiler.failures
    scalings = compiler.scalings
    outages = compiler.outages
    tables = compiler.tables
    series = Buffer(Array(repeating: SeriesCell(), count: compiler.sources.count * intervals))
    histograms = .allocate(capacity: max(1, sources.count))
    for source in 0..<sources.count { (histograms + source).initialize(to: Histogram()) }
    shares = .allocate(capacity: max(1, replicas.count))
    for place in 0..<replicas.count {
      let isShared = tiers.base[Int(replicas.base[place].tier)].discipline == .sharing
      (shares + place).initialize(to: Calendar(capacity: isShared ? 64 : 1))
    }
    keyCount = compiler.keys.count
    keys = .allocate(capacity: max(1, keyCount))
    for (index, weights) in compiler.keys.enumerated() {
      (keys + index).initialize(to: KeySampler(weights))
    }
  }

  deinit {
    histograms.deinitialize(count: sources.count)
    shares.deinitialize(count: replicas.count)
    keys.deinitialize(count: keyCount)
    for tier in 0..<tiers.count { tiers.base[tier].known.deallocate() }
    for cache in 0..<caches.count {
      caches.base[cache].entries.deallocate()
      caches.base[cache].ends.deallocate()
    }
    for store in 0..<stores.count {
      stores.base[store].versions.deallocate()
      stores.base[store].issued.deallocate()
      stores.base[store].committed.deallocate()
    }
    nodes.free()
    steps.free()
    draws.free()
    tiers.free()
    replicas.free()
    queues.free()
    sources.free()
    caches.free()
    stores.free()
    breakers.free()
    budgets.free()
    series.free()
    histograms.deallocate()
    shares.deallocate()
    keys.deallocate()
  }

  /// The probabilities of a choice's steps.
  func shares(of node: Node) -> [Double] { choices[Int(node.object)] }
}

/// How the replicas of a tier fail.
struct FailureDraws {
  /// The streams of times between failures and, after it, of repairs.
  let draw: Int32
  let detection: Double
}
