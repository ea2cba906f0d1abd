import Glibc
import Harness
import Results
import Statistics
import Systems

/// What experiments on load share.
enum LoadBench {
  /// Whether figures are wanted: not in a build for debugging and not in a smoke run, which must end
  /// well on a machine that is busy otherwise.
  private static let isMeasuring: Bool = {
    #if DEBUG
      false
    #else
      !SmokeRun.isThis
    #endif
  }()

  /// Requests per second; much less where nothing is measured.
  static func rate(_ rate: Double) -> Double { isMeasuring ? rate : rate / 50 }

  /// Windows at most, of which all but the last were disturbed.
  private static let windows = 6

  /// The figures of a load. A window in which the generator's lateness exceeds 5% of the latency
  /// (both p99), or in which no connection was free, was disturbed by something else on the machine,
  /// since a pause of milliseconds is enough: it is repeated. Where all are, the least late one
  /// counts, and its lateness stands on the page.
  ///
  /// A kernel can't throw: a load without any figures ends the worker with one line, which becomes
  /// the point's failure.
  static func figures(_ load: () throws(LoadError) -> LoadResult) -> LoadResult {
    var last = ""
    var best: LoadResult?
    for _ in 0..<windows {
      do throws(LoadError) {
        let result = try load()
        let late = result.latenessP99
        if !isMeasuring || Double(late) <= 0.05 * Double(result.latency(at: 0.99) ?? 0) {
          return result
        }
        if late < best?.latenessP99 ?? .max { best = result }
      } catch {
        last = "\(error)"
        if !error.isVoid { break }
      }
    }
    if let best { return best }
    end(last)
  }

  /// Ends the worker with one line.
  static func end(_ reason: String) -> Never {
    let words = Array("\(reason)\n".utf8)
    _ = write(2, words, words.count)
    _exit(1)
  }
}

/// What a variant's kernel works with: backends that share the thread of one event loop on the
/// second of the point's processors, open connections to them, and what was observed.
class LoadedServers {
  let backends: [Backend]
  let exchange: Exchange
  /// Responses are recorded by `serve`.
  let latencies = Recorder()
  var report: [String: Counter] = [:]
  private let loops: EventLoops
  private let seed: UInt64
  private var call: UInt64 = 0

  /// - Parameters:
  ///   - behaviours: one for each backend.
  ///   - connections: to each.
  init(_ point: Point, _ behaviours: [Behaviour], connections: Int) throws {
    let loops = try EventLoops(cpus: [point.cpus[1]])
    backends = try behaviours.enumerated().map {
      try Backend(on: loops.loops[0], $0.element, seed: point.seed &+ UInt64($0.offset))
    }
    exchange = try Exchange(
      backends.map { Exchange.Group($0.endpoint, connections: connections) },
      wire: EchoProtocol())
    seed = point.seed
    self.loops = loops
  }

  /// To be called once in each call of the kernel: the n-th calls of all variants have the same
  /// seed.
  func beginCall() { call += 1 }

  /// Random numbers of this call.
  func generator() -> SeededGenerator { SeededGenerator(seed: seed, stream: call) }

  /// Independent arrivals of this call.
  /// - Parameter stream: another one for further arrivals.
  func arrivals(rate: Double, seconds: Double, stream: UInt64 = 0) -> Arrivals {
    .poisson(
      rate: LoadBench.rate(rate), seconds: seconds, seed: seed, stream: call << 8 | stream)
  }

  /// Nanoseconds that requests of this call are to take.
  func demands(_ demand: Durations, _ count: Int) -> [UInt64] {
    demand.draws(count, seed: seed, stream: call)
  }

  /// Sends requests when they are due, and records the latencies.
  /// - Parameters:
  ///   - warmUp: seconds at the beginning that are not recorded.
  ///   - policy: made anew where the load has to be repeated.
  func serve(
    _ arrivals: Arrivals, warmUp: Double = 0, by policy: () -> any LoadPolicy
  ) -> LoadResult {
    let load = OpenLoop(arrivals, warmUp: UInt64(warmUp * 1e9), tolerance: .infinity)
    let result = LoadBench.figures { () throws(LoadError) in
      try load.run(on: exchange, by: policy())
    }
    for latency in result.latencies { latencies.record(latency) }
    report["lateness of the generator ÷ latency (p99)"] = Counter(
      100 * Double(result.latenessP99) / Double(max(1, result.latency(at: 0.99) ?? 0)),
      unit: .share)
    return result
  }
}

extension Variant {
  /// A variant of an experiment on load, which runs on two processors.
  /// - Parameters:
  ///   - observe: what the metric is a percentile of; nil where it is reported.
  ///   - run: a call of the kernel; returns the same as the other variants.
  init<Servers: LoadedServers>(
    load name: String, isReference: Bool = false, shows: [String],
    prepare: @escaping @Sendable (Point) throws -> Servers,
    observe: (@Sendable (Servers) -> Recorder)? = { $0.latencies },
    run: @escaping @Sendable (Servers) -> UInt64
  ) {
    let taken = observe.map { observe in
      { @Sendable (servers: Servers) in observe(servers).taken() }
    }
    self.init(
      name, isReference: isReference, shows: shows, prepare: prepare, report: { $0.report },
      observe: taken,
      run: { servers in
        servers.beginCall()
        return run(servers)
      })
  }
}
