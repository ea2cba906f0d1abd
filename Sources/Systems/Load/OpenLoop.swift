/// Open-loop load: requests are sent when they are due, whatever became of earlier ones, and their
/// latency counts from that time. It therefore holds what a client behind a stall would have waited.
///
/// It uses one thread, which sleeps until shortly before a request is due and then spins. It
/// measures how late it was itself.
///
/// Source: Tene, *How NOT to Measure Latency*, 2013; Schroeder, Wierman and Harchol-Balter, *Open
/// Versus Closed: A Cautionary Tale*, NSDI 2006.
public struct OpenLoop: Sendable {
  /// When requests are due.
  public let arrivals: Arrivals
  /// Nanoseconds at the schedule's beginning whose requests are sent and have no latency in the
  /// result: until the server's queues are as long as they stay.
  public let warmUp: UInt64
  /// Nanoseconds after the schedule's end in which answers are waited for.
  public let grace: UInt64
  /// The generator's lateness (p99), as a share of the latency's p99, above which a load is void.
  public let tolerance: Double

  /// - Parameters:
  ///   - warmUp: nanoseconds.
  ///   - grace: nanoseconds.
  ///   - tolerance: infinite where the caller judges the lateness itself.
  public init(
    _ arrivals: Arrivals, warmUp: UInt64 = 0, grace: UInt64 = 1_000_000_000,
    tolerance: Double = 0.05
  ) {
    self.arrivals = arrivals
    self.warmUp = warmUp
    self.grace = grace
    self.tolerance = tolerance
  }

  /// Sends all requests and waits for their answers.
  /// - Throws: `LoadError`, where the load is void: no connection was free, or the generator's p99
  ///   of lateness exceeds 5% of the latency's.
  public func run(on exchange: Exchange, by policy: any LoadPolicy) throws(LoadError) -> LoadResult
  {
    let result = try exchange.run(arrivals, by: policy, grace: grace, warmUp: warmUp)
    guard let latency = result.latency(at: 0.99) else { throw .unanswered(result.asked) }
    let late = result.latenessP99
    guard Double(late) <= tolerance * Double(latency) else {
      throw .late(p99: late, latencyP99: latency)
    }
    return result
  }
}
