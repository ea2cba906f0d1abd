import Glibc
import Systems

/// What the requests of a mix demand of a Shop. Processor time is that of requests among several,
/// which find its threads awake and are many. Waits, what waking threads costs, and the rest of a
/// response time are those of requests that are alone: among several a commit may also wait for
/// what the kernel has to do for another one.
///
/// Between lonely requests there are pauses, so that they find the processor as idle as those of a
/// lightly loaded Shop do: a Shop that is asked again at once has not yet fallen asleep.
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

  /// All kinds that were asked for.
  public let kinds: [Kind]
  /// Processor seconds of a lonely request, the mean.
  public let alone: Double
  /// Seconds of each lonely request's response time that are neither processor time nor the worker's
  /// wait: the client's own work, and the hand-overs. By whether it writes.
  let rests: [Bool: [Double]]

  /// Requests whose processor time is known.
  public var count: Int { kinds.reduce(0) { $0 + $1.cpu.count } }

  /// Processor seconds of a request among several, the mean.
  public var crowded: Double { mean(of: kinds, \.cpu) }

  /// Seconds that a request which writes waits, the mean; 0 where none writes.
  public var writeWait: Double { mean(of: kinds.filter(\.route.writes), \.waits) }

  /// What waking the Shop's threads costs a request that finds them asleep, in processor seconds.
  public var setup: Double { max(0, alone - crowded) }

  /// - Parameters:
  ///   - alone: as `crowded` where nil.
  ///   - rests: none where a kind has none.
  init(_ kinds: [Kind], alone: Double? = nil, rests: [Bool: [Double]] = [:]) {
    (self.kinds, self.rests) = (kinds, rests)
    self.alone = alone ?? mean(of: kinds, \.cpu)
  }

  /// How long there is a pause before a lonely request, in requests that could be served meanwhile:
  /// the mean.
  private static let pause = 8.0

  /// - Parameters:
  ///   - crowd: settled; nobody else asks its Shop for anything.
  ///   - seconds: of each of two visits.
  /// - Throws: `LoadError`.
  init(of crowd: Crowd, seconds: Double) throws {
    let busy = try Noted(crowd, places: Crowd.places, seconds: seconds)
    let pause = Durations.exponential(mean: Self.pause * busy.visit.cpuEach * 1e9)
    let lonely = try Noted(crowd, places: 1, pause: pause, seconds: seconds)
    let waits = Dictionary(uniqueKeysWithValues: lonely.kinds.map { ($0.route, $0.waits) })
    kinds = busy.kinds.map {
      Kind(route: $0.route, cpu: $0.cpu, waits: waits[$0.route] ?? $0.waits)
    }
    (alone, rests) = (lonely.visit.cpuEach, lonely.rests)
  }

  /// What requests demanded at another load, waking threads included.
  /// - Parameter cpu: processor seconds that the Shop used in it.
  func noted(_ demands: [RequestDemand], cpu: Double) -> MixDemands {
    MixDemands(Noted.kinds(demands, cpu: cpu), rests: rests)
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

  /// As `MixDemands.rests`, of requests that came one after the other.
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
