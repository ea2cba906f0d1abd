import Systems

/// Sends each request once, to the server that a function chooses.
public final class Balancing: LoadPolicy {
  private let demands: [UInt64]
  private let choose: (Exchange) -> Int
  private let observe: (Attempt, Answer?, UInt64) -> Void

  /// - Parameters:
  ///   - demands: nanoseconds of each request; none where empty.
  ///   - observe: an attempt, its answer and the time by `Clock`.
  ///   - choose: the index of the server's group of connections.
  public init(
    demands: [UInt64] = [], observe: @escaping (Attempt, Answer?, UInt64) -> Void = { _, _, _ in },
    choose: @escaping (Exchange) -> Int
  ) {
    self.demands = demands
    self.observe = observe
    self.choose = choose
  }

  /// See `LoadPolicy`.
  public func arrive(_ request: Int, on exchange: Exchange) throws(LoadError) {
    try exchange.send(
      request, demand: demands.isEmpty ? 0 : demands[request], to: choose(exchange))
  }

  /// See `LoadPolicy`.
  public func receive(
    _ answer: Answer?, to attempt: Attempt, on exchange: Exchange
  ) throws(LoadError) {
    observe(attempt, answer, exchange.now)
    exchange.finish(attempt.request, answer)
  }
}
