import Glibc
import Platform

/// Waits for the first of several sockets that something can be received from.
public struct Readiness {
  private var waited: [pollfd]

  /// - Parameter sockets: must live as long as this.
  public init(of sockets: [Socket]) {
    waited = sockets.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
  }

  /// Waits until there is something to receive, or a connection has ended.
  /// - Returns: the numbers of these sockets.
  public mutating func next() throws(SystemError) -> [Int] {
    // No flag of a signal's handler restarts it.
    while poll(&waited, nfds_t(waited.count), -1) < 0 {
      guard errno == EINTR else { throw SystemError(call: "poll", errno: errno) }
    }
    return waited.indices.filter { waited[$0].revents != 0 }
  }

  /// Leaves a socket out from now on.
  public mutating func remove(_ number: Int) { waited[number].fd = -1 }
}
