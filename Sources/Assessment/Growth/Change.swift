import Glibc

/// How a tier is made to carry more.
public enum Change: Sendable, Equatable {
  case replicas(from: Int, to: Int)
  case larger(from: Int, to: Int)
  case cache(share: Double)
  case readReplicas(Int)
  case shards(from: Int, to: Int)

  /// In a few words.
  public var text: String {
    switch self {
    case .replicas(let old, let new): "\(Self.step(old, new)) replicas"
    case .larger(let old, let new): "a larger machine, \(Self.step(old, new)) places"
    case .cache(let share): "a cache in front, which answers \(Text.percent(share))"
    case .readReplicas(let count): "\(Text.grouped(Double(count))) read replicas take the reads"
    case .shards(let old, let new): "\(Self.step(old, new)) shards"
    }
  }

  private static func step(_ old: Int, _ new: Int) -> String {
    "\(Text.grouped(Double(old))) → \(Text.grouped(Double(new)))"
  }

  /// Weeks of work, an assumption; it has to be begun that long before.
  public var weeks: Double {
    switch self {
    case .replicas: 1
    case .larger: 1
    case .cache: 4
    case .readReplicas: 6
    case .shards: 16
    }
  }

  /// Experiments that show it.
  public var experiments: [String] {
    switch self {
    case .replicas: ["scale/web-tier"]
    case .larger: ["scale/one-server"]
    case .cache: ["scale/cache-aside", "scale/stampede"]
    case .readReplicas: ["scale/read-replicas", "scale/replication-lag"]
    case .shards: ["scale/resharding", "scale/scatter-gather", "scale/write-ceiling"]
    }
  }

  /// What can go wrong, and what would show that the plan is wrong.
  public var risk: String {
    switch self {
    case .replicas: "state in the processes; sessions have to be shared"
    case .larger: "some minutes of switching over; the next size may not double the throughput"
    case .cache:
      "the share that it answers; misses at once after a restart; its own machines are not in the cost"
    case .readReplicas: "reads that are older than the writer's own write"
    case .shards: "a key that is hotter than the others; queries over all shards"
    }
  }
}

extension GrowingSystem {
  /// Changes a tier so that it carries a rate below a utilisation.
  /// - Returns: the system afterwards, and what was done.
  func widened(
    _ name: String, for rate: Double, below utilisation: Double
  ) -> (system: GrowingSystem, change: Change) {
    var system = self
    guard let index = tiers.firstIndex(where: { $0.name == name }) else {
      return (self, .replicas(from: 0, to: 0))
    }
    let tier = tiers[index]
    let needed = Int((rate * tier.demand / Double(tier.servers) / utilisation).rounded(.up))
    switch tier.scaling {
    case .out:
      let count = max(tier.replicas + 1, needed)
      system.tiers[index].replicas = count
      return (system, .replicas(from: tier.replicas, to: count))
    case .up where tier.servers * 2 <= tier.largest:
      system.tiers[index].servers *= 2
      system.tiers[index].price *= 2
      return (system, .larger(from: tier.servers, to: tier.servers * 2))
    case .up, .no:
      return widenedAtItsLimit(index, needed: needed, rate: rate, utilisation: utilisation)
    }
  }

  /// What is left where there can be no larger machine: less work, then more of them.
  private func widenedAtItsLimit(
    _ index: Int, needed: Int, rate: Double, utilisation: Double
  ) -> (system: GrowingSystem, change: Change) {
    var system = self
    let tier = tiers[index]
    if tier.cacheable > 0 {
      system.tiers[index].demand *= 1 - tier.cacheable
      // What it answers are reads.
      let reads = max(0, tier.reads - tier.cacheable) / max(1e-9, 1 - tier.cacheable)
      system.tiers[index].reads = reads
      system.tiers[index].cacheable = 0
      return (system, .cache(share: tier.cacheable))
    }
    if tier.reads > 0.05, tier.reads < 1 {
      var copies = tier
      copies.name = "\(tier.name), read replicas"
      copies.demand = tier.demand * tier.reads
      copies.reads = 0
      copies.scaling = .out
      copies.replicas = max(
        2, Int((rate * copies.demand / Double(tier.servers) / utilisation).rounded(.up)))
      system.tiers[index].demand *= 1 - tier.reads
      system.tiers[index].reads = 0
      system.tiers.insert(copies, at: index)
      return (system, .readReplicas(copies.replicas))
    }
    let count = max(tier.replicas * 2, needed)
    system.tiers[index].replicas = count
    return (system, .shards(from: tier.replicas, to: count))
  }

  /// Dollars a month: what the tiers cost, with the demands at the ends of their intervals where a
  /// tier's number follows from its demand.
  func monthly(_ end: KeyPath<ClosedRange<Double>, Double>, first: GrowingSystem) -> Double {
    tiers.reduce(0) { sum, tier in
      let known = first.tiers.first { $0.name == tier.name }
      let isSized = known == nil || known!.replicas != tier.replicas
      let count =
        isSized
        ? (Double(tier.replicas) * tier.spread[keyPath: end]).rounded(.up) : Double(tier.replicas)
      return sum + count * tier.price * 730
    }
  }
}
