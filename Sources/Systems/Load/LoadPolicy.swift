/// What a client does with requests: where it sends them, how often, and when they are done.
///
/// All calls come from the generator's thread. A request is finished by
/// `Exchange.finish`; what arrives for it later is ignored by the figures.
public protocol LoadPolicy: AnyObject {
  /// A request is due.
  func arrive(_ request: Int, on exchange: Exchange) throws(LoadError)
  /// An attempt was answered; nil where its connection was lost instead.
  func receive(_ answer: Answer?, to attempt: Attempt, on exchange: Exchange) throws(LoadError)
  /// A time that `Exchange.wake` was asked for has come.
  func wake(_ number: Int, on exchange: Exchange) throws(LoadError)
}

extension LoadPolicy {
  /// Nothing: for policies without timers.
  public func wake(_ number: Int, on exchange: Exchange) throws(LoadError) {}
}

/// A request that was sent, perhaps one of several for the same purpose.
public struct Attempt: Sendable, Equatable {
  /// Index of the request in its schedule.
  public let request: Int
  /// Whatever the policy calls it.
  public let tag: Int
  /// Index of the server's group of connections.
  public let group: Int
  /// When it was sent, by `Clock`.
  public let sent: UInt64
}

/// Each request is sent once, to one group of connections.
public final class SendOnce: LoadPolicy {
  private let group: Int
  private let demands: [UInt64]

  /// - Parameter demands: nanoseconds that each request is to take; none where empty.
  public init(demands: [UInt64] = [], group: Int = 0) {
    self.demands = demands
    self.group = group
  }

  /// See `LoadPolicy`.
  public func arrive(_ request: Int, on exchange: Exchange) throws(LoadError) {
    let demand = demands.isEmpty ? 0 : demands[request]
    try exchange.send(request, demand: demand, to: group)
  }

  /// See `LoadPolicy`.
  public func receive(
    _ answer: Answer?, to attempt: Attempt, on exchange: Exchange
  ) throws(LoadError) {
    exchange.finish(attempt.request, answer)
  }
}
