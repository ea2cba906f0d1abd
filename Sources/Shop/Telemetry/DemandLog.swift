import Synchronization

/// What one request has cost a worker.
public struct RequestDemand: Sendable, Equatable {
  /// Of what kind it was.
  public let route: Route
  /// Nanoseconds of processor time.
  public let cpu: UInt64
  /// Nanoseconds from the worker's first look at it to its response; the queue is not in it.
  public let whole: UInt64

  /// Nanoseconds that the worker waited: for the database's lock, the device, the payment.
  public var wait: UInt64 { whole > cpu ? whole - cpu : 0 }
}

/// The demands of requests, until somebody takes them.
final class DemandLog: Sendable {
  private static let most = 1 << 20
  private let demands = Mutex<[RequestDemand]>([])

  func add(_ route: Route, cpu: UInt64, whole: UInt64) {
    demands.withLock { demands in
      guard demands.count < Self.most else { return }
      demands.append(RequestDemand(route: route, cpu: cpu, whole: whole))
    }
  }

  func taken() -> [RequestDemand] {
    demands.withLock { demands in
      defer { demands = [] }
      return demands
    }
  }
}
