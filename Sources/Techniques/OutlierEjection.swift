/// Takes servers out of the rotation that keep failing, for a while.
///
/// A server that fails so many times in a row is ejected; a request that is slower than it may be
/// counts as a failure if the caller says so. The first ejection lasts for the base time, the n-th
/// for n times that. Never are more servers out than a share of them, since a fault of the client or
/// the network makes all of them look bad.
///
/// For one thread at a time.
///
/// Source: Envoy's documentation, *Outlier detection*.
public struct OutlierEjection: Sendable {
  /// Failures in a row that eject a server.
  public let failures: Int
  /// Nanoseconds of the first ejection.
  public let base: UInt64
  /// Servers that may be out at once.
  public let most: Int
  private var servers: [Server]

  private struct Server {
    var failuresInARow = 0
    var ejections = 0
    var outUntil: UInt64 = 0
  }

  /// - Parameters:
  ///   - count: servers.
  ///   - failures: in a row that eject a server.
  ///   - base: nanoseconds of the first ejection.
  ///   - share: of the servers that may be out at once; less than all.
  public init(servers count: Int, failures: Int = 5, base: UInt64, share: Double = 0.5) {
    self.failures = failures
    self.base = base
    most = min(count - 1, Int(Double(count) * share))
    servers = [Server](repeating: Server(), count: count)
  }

  /// Whether requests must not go to a server.
  /// - Parameter now: nanoseconds of any clock that never goes back.
  public func isOut(_ server: Int, at now: UInt64) -> Bool { now < servers[server].outUntil }

  /// A request to a server has ended.
  /// - Parameter succeeded: false also where it took longer than it may.
  public mutating func record(_ server: Int, succeeded: Bool, at now: UInt64) {
    guard !succeeded else {
      servers[server].failuresInARow = 0
      return
    }
    // What was sent before the ejection says nothing new.
    guard !isOut(server, at: now) else { return }
    servers[server].failuresInARow += 1
    guard servers[server].failuresInARow >= failures,
      servers.count(where: { now < $0.outUntil }) < most
    else { return }
    servers[server].failuresInARow = 0
    servers[server].ejections += 1
    servers[server].outUntil = now + base * UInt64(servers[server].ejections)
  }
}
