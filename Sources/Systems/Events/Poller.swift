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
    let error = perflab_poller_add(descriptor, socket.descriptor, ready.rawValue, token)
    if error != 0 { throw SystemError(call: "epoll_ctl", errno: error) }
  }

  /// Takes a socket out.
  public func remove(_ socket: Socket) { perflab_poller_remove(descriptor, socket.descriptor) }

  /// Waits until a socket is ready.
  /// - Parameters:
  ///   - nanoseconds: how long at most; nil for as long as it takes, 0 for those that are ready now.
  ///   - most: sockets at a time, at most 256.
  ///   - tokens: become those of the sockets that are ready.
  public func wait(
    for nanoseconds: UInt64? = nil, most: Int = 256, into tokens: inout [Int]
  ) throws(SystemError) {
    tokens.removeAll(keepingCapacity: true)
    tokens.append(contentsOf: repeatElement(0, count: most))
    let count = tokens.withUnsafeMutableBufferPointer {
      perflab_poller_wait(
        descriptor, $0.baseAddress, Int32(most), nanoseconds.map { Int64(clamping: $0) } ?? -1)
    }
    tokens.removeLast(most - Int(max(0, count)))
    _ = try Socket.checked(count, "epoll_wait")
  }
}
