import CPerflab
import Glibc
import Platform

/// Waits for many sockets at once (`epoll`).
public final class Poller: Sendable {
  /// What a socket is ready for.
  public struct Ready: OptionSet, Sendable {
    /// The bits of `EPOLLIN` and `EPOLLOUT`.
    public let rawValue: UInt32
    /// From epoll's own bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    /// There are bytes, a connection to accept, or the other side has ended.
    public static let reading = Ready(rawValue: 1)
    /// There is room, or a connection is made or has failed.
    public static let writing = Ready(rawValue: 4)
  }

  private let descriptor: Int32

  /// Without sockets.
  public init() throws(SystemError) {
    descriptor = try Socket.checked(perflab_poller(), "epoll_create1")
  }

  deinit { close(descriptor) }

  /// Adds a socket, which leaves when it is closed.
  /// - Parameter token: how `wait` names it.
  public func add(_ socket: Socket, for ready: Ready, token: Int) throws(SystemError) {
    let error = perflab_poller_add(descriptor, socket.descriptor, ready.rawValue, Int64(token))
    if error != 0 { throw SystemError(call: "epoll_ctl", errno: error) }
  }

  /// Takes a socket out.
  public func remove(_ socket: Socket) { perflab_poller_remove(descriptor, socket.descriptor) }

  /// Waits until a socket is ready, and calls `body` for up to 256 that are.
  /// - Parameter milliseconds: how long at most; -1 for as long as it takes.
  public func wait(milliseconds: Int32 = -1, _ body: (_ token: Int) throws -> Void) throws {
    try withUnsafeTemporaryAllocation(of: Int64.self, capacity: 256) { tokens in
      let count = try Socket.checked(
        perflab_poller_wait(descriptor, tokens.baseAddress, 256, milliseconds), "epoll_wait")
      for index in 0..<Int(count) { try body(Int(tokens[index])) }
    }
  }
}
