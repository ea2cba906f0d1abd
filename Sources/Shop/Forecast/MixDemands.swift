import Glibc
import Systems

/// What the requests of a mix demand of a Shop. Processor time is that of requests among several,
/// which find its threads awake and are many. Waits, what waking threads costs, and the rest of a
/// response time are those of requests that are alone: among several a commit may also wait for
/// what the kernel has to do for another one.
///
/// Between lonely requests there are pauses as long as the idle periods of the load in question: the
/// longer a processor was idle, the longer it takes to wake, and a Shop that is asked again at once
/// has not yet fallen asleep.
public struct MixDemands: Sendable {
  /// Requests of one kind.
  public struct Kind: Sendable {
    /// Of what kind.
    public let route: Route
    /// Seconds of processor time of each: of the worker, and the mean of the other threads.
    public let cpu: [Double]
    /// Seconds that a worker waited for no other request: for the device, the payment.
    public let waits: [Double]
  }

  /// Requests that find the Shop idle.
  struct Lonely {
    /// Requests per second whose idle periods they find: exponential, with the mean of 1 ÷ rate.
    let rate: Double
    /// What waking the Shop's threads costs one, in processor seconds: the mean.
    let setup: Double
    /// Seconds of each one's response time that are neither processor time nor the worker's wait: the
    /// client's own work, and the hand-overs. By whether it writes.
    let rests: [Bool: [Double]]
  }

  /// All kinds that were asked for.
  public let kinds: [Kind]
  /// By rate, ascending; never empty.
  private let lonely: [Lonely]

  /// Requests whose processor time is known.
  public var count: Int { kinds.reduce(0) { $0 + $1.cpu.count } }

  /// Processor seconds of a request among several, the mean.
  public var crowded: Double { mean(of: kinds, \.cpu) }

  /// Processor seconds of a request that finds the Shop idle, the mean at the lowest rate.
  public var alone: Double { crowded + lonely[0].setup }

  /// Seconds that a request which writes waits, the mean; 0 where none writes.
  public var writeWait: Double { mean(of: kinds.filter(\.route.writes), \.waits) }

  /// What a request finds that finds the Shop idle at this rate: measured at the nearest one.
  func lonely(at rate: Double) -> Lonely {
    lonely.min { abs(log($0.rate / rate)) < abs(log($1.rate / rate)) }!
  }

  /// - Parameters:
  ///   - alone: as `crowded` where nil.
  ///   - rests: none where a kind has none.
  init(_ kinds: [Kind], alone: Double? = nil, rests: [Bool: [Double]] = [:]) {
    let crowded = mean(of: kinds, \.cpu)
    self.init(
      kinds, [Lonely(rate: 1, setup: max(0, (alone ?? crowded) - crowded), rests: rests)])
  }

  private init(_ kinds: [Kind], _ lonely: [Lonely]) { (self.kinds, self.lonely) = (kinds, lonely) }

  /// - Parameters:
  ///   - crowd: settled; nobody else asks its Shop for anything.
  ///   - shares: of the capacity of `processors`, ascending, whose idle periods are of interest.
  ///   - seconds: of the visit of several, which comes last, and of all lonely ones.
  /// - Throws: `LoadError`.
  init(of crowd: Crowd, shares: [Double], processors: Int, seconds: Double) throws {
    let each = try crowd.visit(places: Crowd.places, seconds: seconds / 5).cpuEach
    let rates = shares.map { $0 * Double(processors) / each }
    let visits = try rates.map { rate in
      try Noted(
        crowd, places: 1, pause: .exponential(mean: 1e9 / rate),
        seconds: seconds / Double(shares.count))
    }
    let busy = try Noted(crowd, places: Crowd.places, seconds: seconds)
    let crowded = mean(of: busy.kinds, \.cpu)
    let waits = Dictionary(
      grouping: visits.flatMap(\.kinds), by: \.route
    ).mapValues { $0.flatMap(\.waits) }
    kinds = busy.kinds.map {
      Kind(route: $0.route, cpu: $0.cpu, waits: waits[$0.route] ?? $0.waits)
    }
    lonely = zip(rates, visits).map { rate, noted in
      Lonely(rate: rate, setup: max(0, noted.visit.cpuEach - crowded), rests: noted.rests)
    }
  }

  /// What requests demanded at another load, waking threads included.
  /// - Parameter cpu: processor seconds that the Shop used in it.
  func noted(_ demands: [RequestDemand], cpu: Double) -> MixDemands {
    MixDemands(
      Noted.kinds(demands, cpu: cpu),
      lonely.map { Lonely(rate: $0.rate, setup: 0, rests: $0.rests) })
  }
}

/// What a Shop has noted during a visit.
private struct Noted {
  let visit: Crowd.Visit
  private let demands: [RequestDemand]

  init(
    _ crowd: Crowd, places: Int, pause: Durations = .constant(0), seconds: Double
  ) throws {
    _ = try crowd.visit(places: places, pause: pause, seconds: seconds / 5)
    _ = crowd.shop.takeDemands()
    visit = try crowd.visit(places: places, pause: pause, seconds: seconds)
    // The last response may come before the worker has noted its demand.
    usleep(1_000)
    demands = crowd.shop.takeDemands()
    guard visit.load.failed == 0, demands.count > 1 else {
      throw LoadError.unanswered(visit.load.asked)
    }
  }

  var kinds: [MixDemands.Kind] { Self.kinds(demands, cpu: visit.cpu) }

  static func kinds(_ demands: [RequestDemand], cpu: Double) -> [MixDemands.Kind] {
    let others = others(demands, cpu: cpu)
    return Route.allCases.compactMap { route in
      let own = demands.filter { $0.route == route }
      guard !own.isEmpty else { return nil }
      return MixDemands.Kind(
        route: route, cpu: own.map { Double($0.cpu) / 1e9 + others },
        waits: own.map { Double($0.wait) / 1e9 })
    }
  }

  /// As `MixDemands.Lonely.rests`, of requests that came one after the other.
  var rests: [Bool: [Double]] {
    let others = Self.others(demands, cpu: visit.cpu)
    var rests: [Bool: [Double]] = [:]
    for (demand, latency) in zip(demands, visit.load.latencies) {
      let known = Double(demand.whole) / 1e9 + others
      rests[demand.route.writes, default: []].append(max(0, Double(latency) / 1e9 - known))
    }
    return rests
  }

  /// Processor seconds of threads that are no workers, for a request.
  private static func others(_ demands: [RequestDemand], cpu: Double) -> Double {
    let workers = demands.reduce(0) { $0 + Double($1.cpu) } / 1e9
    return max(0, cpu - workers) / Double(max(1, demands.count))
  }
}

/// The mean over all requests, whose kinds are as frequent as their processor times are many; 0
/// without any.
private func mean(
  of kinds: [MixDemands.Kind], _ part: KeyPath<MixDemands.Kind, [Double]>
) -> Double {
  let all = kinds.reduce(0) { $0 + $1.cpu.count }
  return kinds.reduce(0) { sum, kind in
    let values = kind[keyPath: part]
    let mean = values.reduce(0, +) / Double(max(1, values.count))
    return sum + mean * Double(kind.cpu.count) / Double(max(1, all))
  }
}
