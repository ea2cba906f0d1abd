import Glibc
import Platform

/// What a socket can be asked to do otherwise.
public enum SocketOption: Sendable, Equatable {
  /// A port whose last connections have not timed out may be bound again.
  case reuseAddress
  /// Several sockets listen at one port, and the kernel spreads connections over them.
  case reusePort
  /// Small segments are sent while others are unacknowledged (Nagle's algorithm off).
  case noDelay(Bool)
  /// Data is acknowledged at once. The kernel may return to delaying it: to be set again.
  case quickAcknowledge(Bool)
  /// Bytes; fixed instead of autotuned, and doubled by the kernel for its own overhead.
  case sendBuffer(Int)
  /// Bytes; as the send buffer.
  case receiveBuffer(Int)
  /// `cubic`, `bbr`, `reno`.
  case congestionControl(String)
  /// A reset instead of the ordinary end, which leaves no port in TIME_WAIT.
  case resetOnClose
  /// Nanoseconds after which connecting, and a send, gives up; 0 for never.
  case sendTimeOut(Int)

  fileprivate var whole: (level: Int32, name: Int32, value: Int32)? {
    switch self {
    case .reuseAddress: (SOL_SOCKET, SO_REUSEADDR, 1)
    case .reusePort: (SOL_SOCKET, SO_REUSEPORT, 1)
    case .noDelay(let isOn): (Int32(IPPROTO_TCP), TCP_NODELAY, isOn ? 1 : 0)
    case .quickAcknowledge(let isOn): (Int32(IPPROTO_TCP), TCP_QUICKACK, isOn ? 1 : 0)
    case .sendBuffer(let bytes): (SOL_SOCKET, SO_SNDBUF, Int32(clamping: bytes))
    case .receiveBuffer(let bytes): (SOL_SOCKET, SO_RCVBUF, Int32(clamping: bytes))
    case .congestionControl, .resetOnClose, .sendTimeOut: nil
    }
  }
}

extension Socket {
  /// Sets an option.
  /// - Throws: what the kernel refuses, or silently does not do: an algorithm of congestion control
  ///   is read back.
  public func set(_ option: SocketOption) throws(SystemError) {
    switch option {
    case .congestionControl(let name):
      let result = setsockopt(
        descriptor, Int32(IPPROTO_TCP), TCP_CONGESTION, name, socklen_t(name.utf8.count))
      _ = try Self.checked(result, "congestion control \(name)")
      guard try congestionControl() == name else {
        throw SystemError(call: "congestion control \(name)", errno: ENOENT)
      }
    case .resetOnClose:
      try set(SOL_SOCKET, SO_LINGER, linger(l_onoff: 1, l_linger: 0), "SO_LINGER")
    case .sendTimeOut(let nanoseconds):
      let time = timeval(
        tv_sec: nanoseconds / 1_000_000_000, tv_usec: nanoseconds % 1_000_000_000 / 1_000)
      try set(SOL_SOCKET, SO_SNDTIMEO, time, "SO_SNDTIMEO")
    default:
      guard let whole = option.whole else { return }
      try set(whole.level, whole.name, whole.value, "\(option)")
    }
  }

  /// The algorithm that its connection uses.
  public func congestionControl() throws(SystemError) -> String {
    var name = [CChar](repeating: 0, count: 17)
    var length = socklen_t(16)
    let result = getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_CONGESTION, &name, &length)
    _ = try Self.checked(result, "TCP_CONGESTION")
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private func set<Value>(
    _ level: Int32, _ name: Int32, _ value: Value, _ call: String
  ) throws(SystemError) {
    let result = withUnsafeBytes(of: value) {
      setsockopt(descriptor, level, name, $0.baseAddress, socklen_t($0.count))
    }
    _ = try Self.checked(result, call)
  }
}
