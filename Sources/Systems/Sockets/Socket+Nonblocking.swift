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

  /// Receives what there is, and waits for some by asking again and again instead of sleeping: the
  /// other side then wakes no one. For a thread with a processor of its own.
  /// - Returns: the number of bytes; 0 where the other side has ended.
  public func receive(polling buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    while true {
      let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
      if count >= 0 || errno != EAGAIN { return try Self.checked(count, "recv") }
      // Each attempt takes the socket's lock, which the sender needs.
      for _ in 0..<16 { perflab_spin_hint() }
    }
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
