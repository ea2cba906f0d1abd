/// Where requests come from.
///
///     Source("users", .poisson(perSecond: 500), keys: .zipf(100_000, exponent: 0.8), to: web)
public struct Source: Sendable {
  let name: String
  let arrivals: Arrivals
  let keys: Keys
  let writes: Double
  let priority: Int
  let route: Route

  /// - Parameters:
  ///   - name: of its streams of random numbers and in the outcome.
  ///   - arrivals: when requests come.
  ///   - keys: what they ask for.
  ///   - writes: the share of them that write, 0 to 1.
  ///   - priority: 0 is served first, 3 last, by tiers that know priorities.
  ///   - to: what a request does.
  public init(
    _ name: String, _ arrivals: Arrivals, keys: Keys = .none, writes: Double = 0,
    priority: Int = 0, to route: some Routable
  ) {
    precondition((0...1).contains(writes), "writes are a share")
    precondition((0...3).contains(priority), "there are four priorities, 0 to 3")
    self.name = name
    self.arrivals = arrivals
    self.keys = keys
    self.writes = writes
    self.priority = priority
    self.route = route.route
  }
}

/// When requests come.
public enum Arrivals: Hashable, Sendable {
  /// Open: independent users without number, so many requests per second on average.
  case poisson(perSecond: Double)
  /// Open: independent gaps of a distribution.
  case renewal(RandomDuration)
  /// Open: Poisson arrivals whose rate changes: each rate holds for an exponential time, then the
  /// next (a Markov-modulated Poisson process).
  case modulated([Phase])
  /// Open: Poisson arrivals whose rate follows straight lines between the points, over and over.
  /// The first point is at time 0; the last one's rate should be the first's.
  case varying([RatePoint])
  /// Open: at these times from the start, ascending.
  case recorded([Duration])
  /// Closed: so many users, each of whom thinks and then waits for its response.
  case closed(users: Int, think: RandomDuration)

  /// A rate that holds for a time.
  public struct Phase: Hashable, Sendable {
    let rate: Double
    let seconds: Double

    /// - Parameter mean: of the exponential time for which the rate holds.
    public init(perSecond rate: Double, mean: Duration) {
      self.rate = rate
      seconds = mean.inSeconds
    }
  }

  /// A rate at a time.
  public struct RatePoint: Hashable, Sendable {
    let time: Double
    let rate: Double

    /// A rate at a time.
    public init(at time: Duration, perSecond rate: Double) {
      self.time = time.inSeconds
      self.rate = rate
    }
  }
}

/// What requests ask for: a number from 0 on, by popularity.
public enum Keys: Hashable, Sendable {
  /// All for the same.
  case none
  /// Each of so many keys is as likely as the others.
  case uniform(Int)
  /// The k-th key is asked for in proportion to k^−exponent. The first key's number is `from`, so
  /// that two sources can ask for different keys of one cache.
  case zipf(Int, exponent: Double, from: Int = 0)
}
