import CPerflab
import Glibc
import Platform

/// A kernel's socket, closed with its last reference.
public final class Socket: Sendable {
  /// For calls that have no method here.
  public let descriptor: Int32

  /// Takes a descriptor over.
  public init(owning descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// A socket that is neither bound nor connected, in the calling thread's network namespace.
  public convenience init(_ kind: Kind) throws(SystemError) {
    let type = kind == .stream ? SOCK_STREAM : SOCK_DGRAM
    let made = socket(AF_INET, Int32(type.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    self.init(owning: try Self.checked(made, "socket"))
  }

  /// What it carries.
  public enum Kind: Sendable {
    /// TCP.
    case stream
    /// UDP.
    case datagram
  }

  /// A TCP socket that accepts connections.
  /// - Parameter backlog: connections that wait to be accepted at most; the kernel caps it at
  ///   `net.core.somaxconn`.
  public static func listening(
    at endpoint: Endpoint = .loopback(), backlog: Int = 128, options: [SocketOption] = []
  ) throws(SystemError) -> Socket {
    let socket = try Socket(.stream)
    try socket.set(.reuseAddress)
    for option in options { try socket.set(option) }
    try socket.bind(to: endpoint)
    _ = try checked(listen(socket.descriptor, Int32(clamping: backlog)), "listen")
    return socket
  }

  /// A TCP socket that keeps a port of the loopback interface: others with `SO_REUSEADDR` may listen
  /// there, and while nobody does, the kernel gives the port to no client.
  public static func reservingPort() throws(SystemError) -> Socket {
    let socket = try Socket(.stream)
    try socket.set(.reuseAddress)
    try socket.bind(to: .loopback(port: 0))
    return socket
  }

  /// A TCP socket that is connected.
  /// - Parameter options: set before the handshake, which some of them need.
  public static func connected(
    to endpoint: Endpoint, options: [SocketOption] = []
  ) throws(SystemError) -> Socket {
    let socket = try Socket(.stream)
    for option in options { try socket.set(option) }
    try socket.connect(to: endpoint)
    // Where nobody listens at a port that the kernel also gives to clients, a socket may have got it
    // itself, and TCP connects it to itself.
    guard try socket.endpoint() != endpoint else {
      throw SystemError(call: "connect \(endpoint)", errno: ECONNREFUSED)
    }
    return socket
  }

  /// Gives it its own address.
  public func bind(to endpoint: Endpoint) throws(SystemError) {
    _ = try Self.checked(Self.with(endpoint) { Glibc.bind(descriptor, $0, $1) }, "bind \(endpoint)")
  }

  /// Connects it, or sets the peer of a UDP socket.
  public func connect(to endpoint: Endpoint) throws(SystemError) {
    _ = try Self.checked(
      Self.with(endpoint) { Glibc.connect(descriptor, $0, $1) }, "connect \(endpoint)")
  }

  /// The next connection; waits for one.
  public func accept() throws(SystemError) -> Socket {
    Socket(owning: try Self.checked(perflab_accept(descriptor), "accept"))
  }

  /// Its own address and port.
  public func endpoint() throws(SystemError) -> Endpoint {
    var raw = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &raw) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(descriptor, $0, &length)
      }
    }
    _ = try Self.checked(result, "getsockname")
    return Endpoint(raw)
  }

  /// Sends all bytes, in as few calls as the kernel allows.
  public func send(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    var sent = 0
    while sent < bytes.count {
      sent += try Self.checked(
        Glibc.send(
          descriptor, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL)),
        "send")
    }
  }

  /// Receives what there is, at most `buffer.count` bytes; waits for some.
  /// - Returns: the number of bytes; 0 where the other side has ended.
  public func receive(_ buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    try Self.checked(recv(descriptor, buffer.baseAddress, buffer.count, 0), "recv")
  }

  /// Receives what there is; waits for some.
  /// - Returns: the number of bytes, at least one.
  /// - Throws: `ECONNRESET` also where the other side has ended.
  public func receivePart(_ buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    let count = try receive(buffer)
    guard count > 0 else { throw SystemError(call: "a part of a response", errno: ECONNRESET) }
    return count
  }

  /// Receives what there is; waits for some, but not longer.
  /// - Parameter nanoseconds: to wait; whole milliseconds, at least one.
  /// - Throws: `ETIMEDOUT`.
  public func receive(
    _ buffer: UnsafeMutableRawBufferPointer, within nanoseconds: UInt64
  ) throws(SystemError) -> Int {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let milliseconds = Int32(clamping: max(1, nanoseconds / 1_000_000))
    guard try Self.checked(poll(&waiting, 1, milliseconds), "poll") > 0 else {
      throw SystemError(call: "recv", errno: ETIMEDOUT)
    }
    return try receive(buffer)
  }

  /// Receives until `buffer` is full.
  /// - Returns: whether it became full before the other side ended.
  @discardableResult
  public func receiveAll(_ buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Bool {
    var received = 0
    while received < buffer.count {
      let count = try receive(UnsafeMutableRawBufferPointer(rebasing: buffer[received...]))
      if count == 0 { return false }
      received += count
    }
    return true
  }

  /// No more is sent; wakes a thread that waits in `accept` or `receive`.
  public func end() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// A descriptor of the same socket for another owner, who closes it.
  public func duplicated() throws(SystemError) -> Int32 {
    try Self.checked(fcntl(descriptor, F_DUPFD_CLOEXEC, 0), "a further descriptor of a socket")
  }

  private static func with(
    _ endpoint: Endpoint, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    withUnsafePointer(to: endpoint.raw) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  static func checked<Value: SignedInteger>(
    _ value: Value, _ call: @autoclosure () -> String
  ) throws(SystemError) -> Value {
    guard value >= 0 else {
      let reason = errno
      throw SystemError(call: call(), errno: reason)
    }
    return value
  }
}
