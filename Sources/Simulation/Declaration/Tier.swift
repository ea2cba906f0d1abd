/// Servers of one kind: replicas behind a balancer, each with a queue and so many places.
///
///     Tier("web", replicas: 4, servers: 8, service: .exponential(mean: .milliseconds(5)),
///          balancer: .leastOf(2))
///
/// A tier is known by its name: where a system mentions it twice, both are the same servers.
public struct Tier: Hashable, Sendable {
  /// Which request a free place takes.
  public enum Discipline: Hashable, Sendable {
    case fifo
    /// The one that came last.
    case lifo
    /// All at once, each at an equal share of the places.
    case processorSharing
    /// The lowest priority number, among equals first in, first out. Nobody is interrupted.
    case priority
  }

  /// Which replica a request goes to.
  public enum Balancer: Hashable, Sendable {
    case random
    case roundRobin
    /// The least loaded of so many replicas drawn at random.
    case leastOf(Int)
    /// The least loaded of all; of equal ones any.
    case leastLoaded
    /// By the request's key.
    case hash
    /// The place of the replica of the tier that calls, as a process on the same machine.
    case sameAsCaller
  }

  let name: String
  let replicas: Int
  let servers: Int
  let service: RandomDuration
  let setup: Double
  let discipline: Discipline
  let capacity: Int
  let maximumAge: Double
  let balancer: Balancer
  let failures: Failures?
  let outages: [Outage]
  let scaling: Autoscaling?
  let cost: Cost

  /// - Parameters:
  ///   - name: of its streams of random numbers and in the outcome.
  ///   - replicas: at the start.
  ///   - servers: places of a replica: requests that it serves at a time.
  ///   - service: how long a place works for a request.
  ///   - setup: how much longer it works where it was idle: threads are woken, caches are cold.
  ///   - discipline: which request a free place takes.
  ///   - capacity: requests in a replica at most, served or waiting; further ones are rejected.
  ///   - maximumAge: a request that has waited longer when its turn comes is dropped.
  ///   - balancer: which replica a request goes to.
  ///   - failures: that come and go at random.
  ///   - outages: at given times.
  ///   - scaling: changes the number of replicas.
  ///   - cost: of replicas and requests.
  public init(
    _ name: String, replicas: Int = 1, servers: Int = 1, service: RandomDuration,
    setup: Duration = .zero, discipline: Discipline = .fifo, capacity: Int = .max,
    maximumAge: Duration? = nil,
    balancer: Balancer = .random, failures: Failures? = nil, outages: [Outage] = [],
    scaling: Autoscaling? = nil, cost: Cost = Cost()
  ) {
    precondition(replicas >= 1 && servers >= 1 && capacity >= 1, "a tier has places")
    self.name = name
    self.replicas = replicas
    self.servers = servers
    self.service = service
    self.setup = setup.inSeconds
    self.discipline = discipline
    self.capacity = capacity
    self.maximumAge = maximumAge?.inSeconds ?? .infinity
    self.balancer = balancer
    self.failures = failures
    self.outages = outages
    self.scaling = scaling
    self.cost = cost
  }

  /// So many things that requests hold while they do something else: connections, threads, locks.
  /// `Tier.pool("connections", of: 10).calling(database)`.
  public static func pool(
    _ name: String, of count: Int, capacity: Int = .max, maximumAge: Duration? = nil
  ) -> Tier {
    Tier(
      name, servers: count, service: .none, capacity: capacity, maximumAge: maximumAge)
  }
}

/// Replicas that fail and are repaired, each by itself. What they hold fails with them.
public struct Failures: Hashable, Sendable {
  let up: RandomDuration
  let down: RandomDuration
  let detection: Double

  /// - Parameters:
  ///   - up: from a repair to the next failure.
  ///   - down: from a failure to its repair.
  ///   - detection: how long the balancer goes on as if nothing had happened, after either.
  public init(up: RandomDuration, down: RandomDuration, detection: Duration = .zero) {
    self.up = up
    self.down = down
    self.detection = detection.inSeconds
  }
}

/// Replicas that are down, or slow, from one time to another.
public struct Outage: Hashable, Sendable {
  let start: Double
  let length: Double
  let replicas: Range<Int>
  let slowdown: Double
  let detection: Double

  /// Replicas that are down.
  /// - Parameters:
  ///   - replicas: by number, the first is 0.
  ///   - detection: how long the balancer goes on as if nothing had happened, after either end.
  public init(
    at start: Duration, for length: Duration, of replicas: Range<Int>,
    detection: Duration = .zero
  ) {
    self.start = start.inSeconds
    self.length = length.inSeconds
    self.replicas = replicas
    slowdown = .infinity
    self.detection = detection.inSeconds
  }

  /// Replicas that are slower: what begins meanwhile takes `slowdown` times as long.
  public init(at start: Duration, for length: Duration, of replicas: Range<Int>, slowdown: Double) {
    self.start = start.inSeconds
    self.length = length.inSeconds
    self.replicas = replicas
    self.slowdown = slowdown
    detection = 0
  }
}

/// Keeps the utilisation of a tier near a target by the number of its replicas.
public struct Autoscaling: Hashable, Sendable {
  let target: Double
  let range: ClosedRange<Int>
  let period: Double
  let boot: RandomDuration
  let settling: Double

  /// - Parameters:
  ///   - target: utilisation to keep, 0 to 1.
  ///   - range: replicas at least and at most.
  ///   - period: how often it decides, by the mean utilisation since the last time.
  ///   - boot: from the decision until a new replica serves; it is paid for meanwhile.
  ///   - settling: the number falls only if it was not raised for this long.
  public init(
    target: Double, in range: ClosedRange<Int>, every period: Duration, boot: RandomDuration,
    settling: Duration = .zero
  ) {
    precondition(target > 0 && target <= 1 && range.lowerBound >= 1, "a target is a share")
    self.target = target
    self.range = range
    self.period = period.inSeconds
    self.boot = boot
    self.settling = settling.inSeconds
  }
}

/// What a tier costs, in dollars.
public struct Cost: Hashable, Sendable {
  let perReplicaSecond: Double
  let perRequest: Double

  /// Nothing, unless given.
  public init(perReplicaHour: Double = 0, perRequest: Double = 0) {
    perReplicaSecond = perReplicaHour / 3600
    self.perRequest = perRequest
  }
}
