import Glibc
import Platform
import Systems

/// Asks a server whether it lives, again and again.
public struct HealthCheck: Sendable {
  /// Nanoseconds from the beginning of one check to that of the next.
  public let interval: UInt64
  /// Checks without a response, one after the other, that are an alarm.
  public let misses: Int
  /// Nanoseconds that a check waits for a response.
  public let timeOut: UInt64

  /// - Parameter timeOut: nanoseconds; the interval where nil.
  public init(interval: UInt64, misses: Int = 3, timeOut: UInt64? = nil) {
    self.interval = interval
    self.misses = misses
    self.timeOut = timeOut ?? interval
  }

  /// Checks a Shop until there is an alarm.
  /// - Parameter isOver: whether to give up; asked before each check.
  /// - Returns: whether there was an alarm.
  public func waitForAlarm(of endpoint: Endpoint, until isOver: () -> Bool) -> Bool {
    waitForAlarm(until: isOver) { isAlive(endpoint) }
  }

  /// The same of anything else.
  /// - Parameter isAlive: a check.
  public func waitForAlarm(until isOver: () -> Bool, isAlive: () -> Bool) -> Bool {
    var (missed, next) = (0, Clock.now())
    while !isOver() {
      missed = isAlive() ? 0 : missed + 1
      if missed == misses { return true }
      next += interval
      let now = Clock.now()
      if next > now { usleep(UInt32((next - now) / 1_000)) }
    }
    return false
  }

  private func isAlive(_ endpoint: Endpoint) -> Bool {
    guard let socket = try? Socket.connected(to: endpoint, options: [.resetOnClose]) else {
      return false
    }
    let request = ShopAsk("GET", "/health").bytes
    guard (try? request.withUnsafeBytes { try socket.send($0) }) != nil else { return false }
    var start = [UInt8](repeating: 0, count: 12)
    let count = try? start.withUnsafeMutableBytes { try socket.receive($0, within: timeOut) }
    guard let count else { return false }
    return start[..<count].elementsEqual("HTTP/1.1 200".utf8)
  }
}
