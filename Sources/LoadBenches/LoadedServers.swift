import Harness
import Results
import Statistics
import Systems

/// What a variant's kernel works with: backends that share the thread of one event loop on the
/// second of the point's processors, open connections to them, and what was observed.
open class LoadedServers {
  /// Open connections to all backends, or to the proxy.
  public let exchange: Exchange
  /// What they speak.
  public let wire: any EchoedProtocol
  /// Responses are recorded by `serve`.
  public let latencies = Recorder()
  /// What the page shows beside the metric, or the metric itself.
  public var report: [String: Counter] = [:]
  private let loops: EventLoops
  private let backends: [Backend]
  private let proxy: Service?
  private let seed: UInt64
  /// Whether this process begins with a call that is not measured.
  private let isRehearsed: Bool
  private var call: UInt64 = 0

  /// Of a rehearsal's time: it shows that the variants agree, and no figure is taken from it.
  public var rehearsal = 0.25

  /// - Parameters:
  ///   - behaviours: one for each backend.
  ///   - connections: to each.
  ///   - proxy: starts the balancer before the backends, on their processor; nil where the client
  ///     distributes the requests.
  ///   - isRehearsed: as the experiment is.
  public init(
    _ point: Point, _ behaviours: [Behaviour], connections: Int,
    proxy: (([Endpoint]) throws -> Service)? = nil, isRehearsed: Bool = true
  ) throws {
    let loops = try EventLoops(cpus: [point.cpus[1]])
    let backends = try behaviours.enumerated().map {
      try Backend(
        on: loops.loops[0], speaking: proxy == nil ? .echo(EchoProtocol()) : .http, $0.element,
        seed: point.seed &+ UInt64($0.offset))
    }
    var groups = backends.map { Exchange.Group($0.endpoint, connections: connections) }
    if let proxy {
      let service = try Placement.allowing([point.cpus[1]]) { try proxy(backends.map(\.endpoint)) }
      groups = [Exchange.Group(service.place.endpoint, connections: connections * backends.count)]
      self.proxy = service
      wire = HTTPProtocol(carriesDemand: true)
    } else {
      self.proxy = nil
      wire = EchoProtocol()
    }
    exchange = try Exchange(groups, wire: wire)
    (self.loops, self.backends, seed) = (loops, backends, point.seed)
    // A point's first process is in any case.
    self.isRehearsed = isRehearsed || point.turn == 0
  }

  /// To be called once in each call of the kernel: the n-th calls of all variants have the same
  /// seed.
  public func beginCall() { call += 1 }

  /// Whether this call is measured: all are but a rehearsal.
  private var isMeasured: Bool { call > 1 || !isRehearsed || !LoadBench.isMeasuring }

  /// What becomes of a time in this call.
  public func shortened(_ seconds: Double) -> Double { isMeasured ? seconds : rehearsal * seconds }

  /// Random numbers of this call.
  public func generator() -> SeededGenerator { SeededGenerator(seed: seed, stream: call) }

  /// Independent arrivals of this call.
  /// - Parameters:
  ///   - stream: another one for further arrivals.
  ///   - isLowered: whether there are fewer where nothing is measured; false where a few thousand
  ///     in a second are too few for that.
  public func arrivals(
    rate: Double, seconds: Double, stream: UInt64 = 0, isLowered: Bool = true
  ) -> Arrivals {
    .poisson(
      rate: isLowered ? LoadBench.rate(rate) : rate, seconds: shortened(seconds), seed: seed,
      stream: call << 8 | stream)
  }

  /// Nanoseconds that requests of this call are to take.
  public func demands(_ demand: Durations, _ count: Int) -> [UInt64] {
    demand.draws(count, seed: seed, stream: call)
  }

  /// Sends requests when they are due, and records the latencies.
  /// - Parameters:
  ///   - warmUp: seconds at the beginning that are not recorded.
  ///   - policy: made anew where the load has to be repeated.
  /// - Returns: the figures, and the policy that has led to them.
  public func serve<Policy: LoadPolicy>(
    _ arrivals: Arrivals, warmUp: Double = 0, by policy: () -> Policy
  ) -> (result: LoadResult, policy: Policy) {
    let load = OpenLoop(
      arrivals, warmUp: UInt64(shortened(warmUp) * 1e9), tolerance: .infinity)
    let (result, policy) = figures { () throws(LoadError) in
      let (policy, used) = (policy(), proxy?.processorTime ?? 0)
      let result = try load.run(on: exchange, by: policy)
      if let proxy {
        report["processor time of the balancer per request"] = Counter(
          Double(proxy.processorTime - used) / Double(max(1, result.asked)), unit: .nanoseconds)
      }
      return (result, policy)
    }
    for latency in result.latencies { latencies.record(latency) }
    return (result, policy)
  }

  /// The figures of a load, as `LoadBench.figures`, and what the page says of them.
  public func figures<Policy>(
    _ load: () throws(LoadError) -> (result: LoadResult, policy: Policy)
  ) -> (result: LoadResult, policy: Policy) {
    let (result, policy, windows) = LoadBench.figures(isWanted: isMeasured, load)
    report["windows until one was undisturbed"] = Counter(Double(windows), unit: .count)
    report["lateness of the generator ÷ latency (p99)"] = Counter(
      100 * Double(result.latenessP99) / Double(max(1, result.latency(at: 0.99) ?? 0)),
      unit: .share)
    return (result, policy)
  }
}

extension Variant {
  /// A variant of an experiment on load, which runs on two processors.
  /// - Parameters:
  ///   - observe: what the metric is a percentile of; nil where it is reported.
  ///   - run: a call of the kernel; returns the same as the other variants.
  public init<Servers: LoadedServers>(
    load name: String, isReference: Bool = false, shows: [String], needs: [Requirement] = [],
    prepare: @escaping @Sendable (Point) throws -> Servers,
    observe: (@Sendable (Servers) -> Recorder)? = { $0.latencies },
    run: @escaping @Sendable (Servers) -> UInt64
  ) {
    let taken = observe.map { observe in
      { @Sendable (servers: Servers) in observe(servers).taken() }
    }
    self.init(
      name, isReference: isReference, shows: shows, needs: needs, prepare: prepare,
      report: { $0.report },
      observe: taken,
      run: { servers in
        servers.beginCall()
        return run(servers)
      })
  }
}
