import Glibc
import Platform

extension Socket {
  /// Two ends of a TCP connection over the loopback.
  /// - Parameter options: of both ends.
  public static func pair(
    options: [SocketOption] = []
  ) throws(SystemError) -> (client: Socket, server: Socket) {
    let listener = try listening(backlog: 1)
    let client = try connected(to: listener.endpoint(), options: options)
    let server = try listener.accept()
    for option in options { try server.set(option) }
    return (client, server)
  }

  /// Sends several parts with one system call, as one piece: small ones travel in one segment.
  /// - Parameter parts: at most 16, and together no more than the send buffer holds.
  public func send(gathering parts: [UnsafeRawBufferPointer]) throws(SystemError) {
    let total = parts.reduce(0) { $0 + $1.count }
    let sent = withUnsafeTemporaryAllocation(of: iovec.self, capacity: parts.count) { vectors in
      for (index, part) in parts.enumerated() {
        vectors[index] = iovec(
          iov_base: UnsafeMutableRawPointer(mutating: part.baseAddress), iov_len: part.count)
      }
      return writev(descriptor, vectors.baseAddress, Int32(parts.count))
    }
    guard try Self.checked(sent, "writev") == total else {
      throw SystemError(call: "writev of \(total) bytes", errno: EMSGSIZE)
    }
  }
}
