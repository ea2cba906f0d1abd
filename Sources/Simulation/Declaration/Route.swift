/// What a request does: a tree of calls, each of which ends in success or failure.
///
///     web.calling(items)                       // web holds its place meanwhile
///     web.then(payment)                        // one after the other
///       .timeout(after: .milliseconds(200))
///       .retried(Retries(2))
public struct Route: Hashable, Sendable {
  indirect enum Step: Hashable, Sendable {
    case tier(Tier, inner: Route?, work: Work? = nil)
    case everyReplica(Tier)
    case delay(RandomDuration, name: String)
    case store(Store, as: StoreCall?)
    case sequence([Route])
    case fallback(Route, Route)
    case parallel([Route], needed: Int, Leftovers)
    case choice(shares: [Double], [Route], name: String)
    case again(Double, Route, name: String)
    case byKind(reads: Route, writes: Route)
    case link(Link, Route)
    case cache(Cache, Route)
    case timeout(Double, Route, Leftovers)
    case retry(Retries, Route, name: String)
    case hedge(Double, Route, Leftovers)
    case breaker(Breaker, Route)
    case background(Route)
  }

  enum StoreCall: Hashable, Sendable { case read, write }

  /// What one kind of requests needs of a tier, in place of the tier's own service time.
  struct Work: Hashable, Sendable {
    let name: String
    let duration: RandomDuration
  }

  let step: Step

  init(_ step: Step) { self.step = step }
}

/// What becomes of work that nobody waits for any more.
public enum Leftovers: UInt8, Hashable, Sendable {
  /// It goes on.
  case kept
  /// It leaves the queue in which it waits; what is being served is served.
  case unqueued
  /// It stops wherever it is, and frees its place.
  case cancelled
}

/// What a request can be sent to.
public protocol Routable {
  /// As a tree of calls.
  var route: Route { get }
}

extension Route: Routable {
  /// Itself.
  public var route: Route { self }

  /// Takes a time and needs nothing.
  /// - Parameter name: of its stream of random numbers.
  public static func delay(_ name: String, _ duration: RandomDuration) -> Route {
    Route(.delay(duration, name: name))
  }

  /// All at once: succeeds with `needed` of them, or all.
  /// - Parameter others: what becomes of those that are not needed any more.
  public static func parallel(
    _ routes: [any Routable], needed: Int? = nil, others: Leftovers = .cancelled
  ) -> Route {
    let needed = needed ?? routes.count
    precondition((1...max(1, routes.count)).contains(needed), "more are needed than there are")
    return Route(.parallel(routes.map(\.route), needed: needed, others))
  }

  /// One of several, by weight.
  /// - Parameter name: of its stream of random numbers.
  public static func choice(
    _ name: String, _ routes: [(weight: Double, to: any Routable)]
  ) -> Route {
    let whole = routes.reduce(0) { $0 + $1.weight }
    return Route(
      .choice(shares: routes.map { $0.weight / whole }, routes.map(\.to.route), name: name))
  }

  /// Reads go one way, writes another (`Source.init` has the share of writes).
  public static func split(reads: some Routable, writes: some Routable) -> Route {
    Route(.byKind(reads: reads.route, writes: writes.route))
  }

  /// Succeeds at once; what it starts goes on by itself.
  public static func background(_ inner: some Routable) -> Route {
    Route(.background(inner.route))
  }
}

extension Tier: Routable {
  /// A request to one of its replicas.
  public var route: Route { Route(.tier(self, inner: nil)) }

  /// A request to one of its replicas, whose place is held while it calls something else.
  public func calling(_ inner: some Routable) -> Route {
    Route(.tier(self, inner: inner.route))
  }

  /// A request to one of its replicas that needs another time than the tier's own: of another kind.
  /// - Parameters:
  ///   - name: of its stream of random numbers, and known by it.
  ///   - duration: how long a place works for it.
  public func working(_ name: String, _ duration: RandomDuration) -> Route {
    Route(.tier(self, inner: nil, work: Route.Work(name: name, duration: duration)))
  }

  /// A request to each of its replicas, all at once.
  public var everyReplica: Route { Route(.everyReplica(self)) }
}

extension Store: Routable {
  /// A read or a write, as the request is.
  public var route: Route { Route(.store(self, as: nil)) }

  /// A read, whatever the request is.
  public var read: Route { Route(.store(self, as: .read)) }

  /// A write, whatever the request is.
  public var write: Route { Route(.store(self, as: .write)) }
}

extension Link {
  /// What lies at the other end.
  public func to(_ inner: some Routable) -> Route { Route(.link(self, inner.route)) }
}

extension Cache {
  /// What is asked where the cache does not hold the key. Writes pass through and remove it.
  public func missing(_ inner: some Routable) -> Route { Route(.cache(self, inner.route)) }
}

extension Routable {
  /// This and then another, if it succeeds.
  public func then(_ next: some Routable) -> Route {
    if case .sequence(let steps) = route.step { return Route(.sequence(steps + [next.route])) }
    return Route(.sequence([route, next.route]))
  }

  /// This, or where it fails another.
  public func otherwise(_ other: some Routable) -> Route {
    Route(.fallback(route, other.route))
  }

  /// This, and again with a probability, over and over.
  /// - Parameter name: of its stream of random numbers.
  public func repeated(_ name: String, with probability: Double) -> Route {
    precondition((0..<1).contains(probability), "it must end some time")
    return Route(.again(probability, route, name: name))
  }

  /// Fails after a time.
  /// - Parameter work: what becomes of it; kept, it goes on for nothing.
  public func timeout(after duration: Duration, work: Leftovers = .kept) -> Route {
    Route(.timeout(duration.inSeconds, route, work))
  }

  /// Is tried again where it fails.
  /// - Parameter name: of its stream of random numbers, and known by it.
  public func retried(_ retries: Retries, name: String = "retries") -> Route {
    Route(.retry(retries, route, name: name))
  }

  /// Is sent a second time where there is no response after a time; the first response counts.
  /// - Parameter loser: what becomes of the other one.
  public func hedged(after duration: Duration, loser: Leftovers) -> Route {
    Route(.hedge(duration.inSeconds, route, loser))
  }

  /// Fails at once while a breaker is open.
  public func behind(_ breaker: Breaker) -> Route { Route(.breaker(breaker, route)) }
}
