import CPerflab
import Glibc
import Platform

extension Socket {
  /// No call on it waits any more.
  public func setNonblocking() throws(SystemError) {
    let flags = try Self.checked(fcntl(descriptor, F_GETFL), "fcntl")
    _ = try Self.checked(fcntl(descriptor, F_SETFL, flags | O_NONBLOCK), "fcntl")
  }

  /// A TCP socket that begins to connect; it is ready for writing when that has ended.
  public static func connecting(
    to endpoint: Endpoint, options: [SocketOption] = []
  ) throws(SystemError) -> Socket {
    let socket = try Socket(.stream)
    for option in options { try socket.set(option) }
    try socket.setNonblocking()
    do { try socket.connect(to: endpoint) } catch  where error.errno == EINPROGRESS {}
    return socket
  }

  /// The next connection of a listener that does not wait; nil where there is none.
  public func acceptIfAny() throws(SystemError) -> Socket? {
    do { return try accept() } catch  where error.errno == EAGAIN { return nil }
  }

  /// Why connecting has failed.
  public func checkConnection() throws(SystemError) {
    var reason: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    _ = try Self.checked(
      getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &reason, &length), "SO_ERROR")
    if reason != 0 { throw SystemError(call: "connect", errno: reason) }
  }
}
