/// The way to another machine and back.
public struct Link: Hashable, Sendable {
  let name: String
  let latency: RandomDuration
  let loss: Double

  /// - Parameters:
  ///   - name: of its stream of random numbers.
  ///   - latency: of each direction.
  ///   - loss: the share of messages that never arrive, in each direction. Only a time-out helps.
  public init(_ name: String, latency: RandomDuration, loss: Double = 0) {
    self.name = name
    self.latency = latency
    self.loss = loss
  }
}

/// A cache that holds real keys.
public struct Cache: Hashable, Sendable {
  /// What leaves the cache.
  public enum Policy: Hashable, Sendable {
    /// The key that has not been used for the longest time, where there is no place.
    case lru
    /// The same, and each key after a time.
    case expiring(after: Duration)
  }

  let name: String
  let slots: Int
  let policy: Policy
  let hit: RandomDuration
  let isPerReplica: Bool
  let coalesces: Bool
  let emptied: [Double]

  /// - Parameters:
  ///   - name: known by it, as a tier is.
  ///   - slots: keys that it holds.
  ///   - policy: what leaves it.
  ///   - hit: how long a look-up takes, found or not.
  ///   - isPerReplica: each replica of the tier that calls has a cache of its own.
  ///   - coalesces: one of several simultaneous misses of a key goes on, the others wait for it.
  ///   - emptied: times at which it loses everything.
  public init(
    _ name: String, slots: Int, policy: Policy = .lru, hit: RandomDuration = .none,
    isPerReplica: Bool = false, coalesces: Bool = false, emptied: [Duration] = []
  ) {
    precondition(slots >= 1, "a cache has slots")
    self.name = name
    self.slots = slots
    self.policy = policy
    self.hit = hit
    self.isPerReplica = isPerReplica
    self.coalesces = coalesces
    self.emptied = emptied.map(\.inSeconds)
  }
}

/// Replicas of versioned data, of which a request asks several. Stale reads and lost writes are
/// counted by comparing versions.
public struct Store: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case quorum(reads: Int, writes: Int)
    case primary(acknowledged: Int, readsPrimary: Bool)
  }

  let name: String
  let replicas: Int
  let kind: Kind
  let latency: StoreLatency
  let failover: Failover?

  /// Any replica takes a write; a read asks all and takes the newest of the first answers.
  /// - Parameters:
  ///   - reads: answers that a read waits for.
  ///   - writes: acknowledgements that a write waits for.
  public static func quorum(
    _ name: String, replicas: Int, reads: Int, writes: Int, latency: StoreLatency
  ) -> Store {
    precondition((1...replicas).contains(reads) && (1...replicas).contains(writes))
    return Store(
      name: name, replicas: replicas, kind: .quorum(reads: reads, writes: writes),
      latency: latency, failover: nil)
  }

  /// One replica takes all writes and sends them to the others.
  /// - Parameters:
  ///   - acknowledged: replicas beside the primary that a write waits for: 0 is asynchronous.
  ///   - readsPrimary: whether reads go to the primary; otherwise to any replica.
  ///   - failover: the primary fails now and then, and another takes over.
  public static func primary(
    _ name: String, replicas: Int, acknowledged: Int, readsPrimary: Bool = false,
    latency: StoreLatency, failover: Failover? = nil
  ) -> Store {
    precondition((0..<replicas).contains(acknowledged))
    return Store(
      name: name, replicas: replicas,
      kind: .primary(acknowledged: acknowledged, readsPrimary: readsPrimary), latency: latency,
      failover: failover)
  }
}

/// One-way latencies of a replicated store.
public struct StoreLatency: Hashable, Sendable {
  let write, acknowledgement, read, response: RandomDuration

  /// - Parameters:
  ///   - write: of a write to a replica (PBS: W).
  ///   - acknowledgement: from there (A).
  ///   - read: of a read to a replica (R).
  ///   - response: from there (S).
  public init(
    write: RandomDuration, acknowledgement: RandomDuration, read: RandomDuration,
    response: RandomDuration
  ) {
    self.write = write
    self.acknowledgement = acknowledgement
    self.read = read
    self.response = response
  }
}

/// How a primary is replaced: by the replica that has most of the writes.
public struct Failover: Hashable, Sendable {
  let between: RandomDuration
  let takes: RandomDuration

  /// - Parameters:
  ///   - between: from one failure of a primary to the next.
  ///   - takes: until another is primary; writes and reads of the primary fail meanwhile.
  public init(between: RandomDuration, takes: RandomDuration) {
    self.between = between
    self.takes = takes
  }
}

/// Stops asking what fails.
public struct Breaker: Hashable, Sendable {
  let name: String
  let share: Double
  let window: Int
  let rest: Double

  /// - Parameters:
  ///   - name: known by it, as a tier is.
  ///   - share: of failures in a window above which it opens.
  ///   - window: calls that are judged together.
  ///   - rest: how long it stays open; then one call tries.
  public init(_ name: String, opensAbove share: Double, of window: Int, for rest: Duration) {
    precondition(window >= 1, "a window has calls")
    self.name = name
    self.share = share
    self.window = window
    self.rest = rest.inSeconds
  }
}

/// How often and when something is tried again.
public struct Retries: Hashable, Sendable {
  let most: Int
  let backoff: RandomDuration
  let growth: Double
  let budget: Double

  /// - Parameters:
  ///   - most: further attempts of one call at most.
  ///   - backoff: before the first of them.
  ///   - growth: of the backoff from one to the next.
  ///   - budget: retries that each first attempt pays for, together at most 10 in advance; 0.1 adds
  ///     at most 10% load. Nil is without limit.
  public init(
    _ most: Int, backoff: RandomDuration = .none, growth: Double = 2, budget: Double? = nil
  ) {
    self.most = most
    self.backoff = backoff
    self.growth = growth
    self.budget = budget ?? .infinity
  }
}
