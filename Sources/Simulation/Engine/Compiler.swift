import Glibc
import Statistics

/// Turns a system's declaration into tables.
struct Compiler {
  let seed: UInt64
  let tables = Tables()
  /// Keys that requests can ask for.
  let keySpace: Int
  var nodes: [Node] = []
  var steps: [Int32] = []
  var draws: [Draw] = []
  var tiers: [TierState] = []
  var declared: [Tier] = []
  var replicas: [Replica] = []
  var queueCount = 0
  var sources: [SourceState] = []
  var caches: [CacheState] = []
  var cacheNames: [String] = []
  var stores: [StoreState] = []
  var storeNames: [String] = []
  var breakers: [BreakerState] = []
  var budgets: [Double] = []
  var growths: [Double] = []
  var choices: [[Double]] = []
  var arrivals: [Arrivals] = []
  var failures: [FailureDraws?] = []
  var scalings: [ScalingState?] = []
  var outages: [(start: Double, length: Double, state: OutageState)] = []
  var keys: [[Double]] = []
  private var known: [String: Int32] = [:]
  private var inner: [String: (declaration: AnyHashable, index: Int32)] = [:]

  init(_ system: System, seed: UInt64) {
    self.seed = seed
    keySpace = system.sources.map(\.keys.count).max() ?? 1
    for source in system.sources { add(source) }
    precondition(nodes.count <= UInt16.max, "a system has at most 65,535 steps")
  }

  /// A stream of random numbers of its own by name; the same for the same name.
  mutating func stream(_ name: String, _ duration: RandomDuration = .none) -> Int32 {
    if let index = known[name] { return index }
    let index = Int32(draws.count)
    draws.append(
      Draw(
        generator: SeededGenerator(seed: seed, name: name), sampler: duration.sampler(tables)))
    known[name] = index
    return index
  }

  /// Streams one after the other, whatever there was before.
  mutating func streams(_ name: String, _ parts: [(String, RandomDuration)]) -> Int32 {
    let first = Int32(draws.count)
    if let index = known[name] { return index }
    for (part, duration) in parts {
      draws.append(
        Draw(
          generator: SeededGenerator(seed: seed, name: "\(name)/\(part)"),
          sampler: duration.sampler(tables)))
    }
    known[name] = first
    return first
  }

  /// The stream of a service time, and after it that of retries and hedges, so that these don't shift
  /// what first copies get.
  mutating func service(_ name: String, _ duration: RandomDuration) -> Int32 {
    let first = stream("\(name)/service", duration)
    let copies = stream("\(name)/service of copies", duration)
    precondition(copies == first + 1, "\(name) is known already")
    return first
  }

  /// What is known by its name: the same index where it is mentioned again.
  mutating func once(
    _ kind: String, _ name: String, _ declaration: AnyHashable,
    make: (inout Compiler) -> Int32
  ) -> Int32 {
    if let known = inner["\(kind) \(name)"] {
      precondition(
        known.declaration == declaration, "two different declarations of \(kind) \(name)")
      return known.index
    }
    let index = make(&self)
    inner["\(kind) \(name)"] = (declaration, index)
    return index
  }

  private mutating func add(_ source: Source) {
    let name = "source \(source.name)"
    let (kind, duration): (SourceState.Kind, RandomDuration) =
      switch source.arrivals {
      case .poisson(let rate): (.independent, RandomDuration(.exponential(mean: 1 / rate)))
      case .renewal(let gap): (.independent, gap)
      case .closed(_, let think): (.closed, think)
      case .modulated: (.modulated, .none)
      case .varying: (.varying, .none)
      case .recorded: (.recorded, .none)
      }
    let draw = streams(
      name, [("times", duration), ("keys", .none), ("kinds", .none), ("changes", .none)])
    var keyIndex: Int32 = -1
    if let weights = source.keys.weights {
      keyIndex = Int32(keys.count)
      keys.append(weights)
    }
    arrivals.append(source.arrivals)
    sources.append(
      SourceState(
        kind: kind, node: node(source.route), draw: draw, writes: source.writes,
        priority: UInt8(source.priority), keys: keyIndex))
  }

  /// The tier's index.
  mutating func add(_ tier: Tier) -> Int32 {
    once("tier", tier.name, tier) { $0.addTier(tier) }
  }

  private mutating func addTier(_ tier: Tier) -> Int32 {
    let name = "tier \(tier.name)"
    let index = Int32(tiers.count)
    let count = max(tier.replicas, tier.scaling?.range.upperBound ?? 0)
    let (balancer, sampled): (TierState.Balancer, Int) =
      switch tier.balancer {
      case .random: (.random, 1)
      case .roundRobin: (.roundRobin, 1)
      case .leastOf(let sampled): (.leastOf, sampled)
      case .leastLoaded: (.leastLoaded, count)
      case .hash: (.hash, 1)
      case .sameAsCaller: (.sameAsCaller, 1)
      }
    let queues = tier.discipline == .priority ? 4 : 1
    tiers.append(
      TierState(
        service: service(name, tier.service),
        choices: stream("\(name)/balancer"), servers: Int32(clamping: tier.servers),
        capacity: Int32(clamping: tier.capacity), discipline: .init(tier.discipline),
        balancer: balancer, sampled: Int32(sampled), firstReplica: Int32(replicas.count),
        replicaCount: Int32(count), maximumAge: tier.maximumAge,
        setup: tier.setup,
        listsServing: tier.failures != nil || !tier.outages.isEmpty,
        known: .allocate(capacity: count), knownCount: 0))
    for replica in 0..<count {
      replicas.append(
        Replica(
          tier: index, index: Int32(replica), firstQueue: Int32(queueCount),
          isMember: replica < tier.replicas))
      queueCount += queues
    }
    declared.append(tier)
    failures.append(
      tier.failures.map {
        FailureDraws(
          draw: streams("\(name)/failures", [("up", $0.up), ("down", $0.down)]),
          detection: $0.detection)
      })
    scalings.append(
      tier.scaling.map { ScalingState(scaling: $0, boot: stream("\(name)/boot", $0.boot)) })
    outages += tier.outages.map {
      (
        $0.start, $0.length,
        OutageState(
          tier: Int(index), replicas: $0.replicas, slowdown: $0.slowdown, detection: $0.detection)
      )
    }
    return index
  }
}

extension TierState.Discipline {
  fileprivate init(_ discipline: Tier.Discipline) {
    self =
      switch discipline {
      case .fifo: .fifo
      case .lifo: .lifo
      case .processorSharing: .sharing
      case .priority: .priority
      }
  }
}

extension Keys {
  /// How many there are.
  var count: Int {
    switch self {
    case .none: 1
    case .uniform(let count): count
    case .zipf(let count, _, let first): first + count
    }
  }

  /// How often each is asked for, in proportion; nil for one key alone.
  var weights: [Double]? {
    switch self {
    case .none: nil
    case .uniform(let count): Array(repeating: 1, count: count)
    case .zipf(let count, let exponent, let first):
      Array(repeating: 0, count: first) + (1...count).map { pow(Double($0), -exponent) }
    }
  }
}
