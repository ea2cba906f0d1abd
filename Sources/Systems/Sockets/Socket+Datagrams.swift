import CPerflab
import Glibc
import Platform

extension Socket {
  /// Two UDP sockets on the loopback that are connected to each other.
  /// - Parameter joined: the kernel joins datagrams of one size that arrive together (`UDP_GRO`).
  public static func datagramPair(
    joined: Bool = false
  ) throws(SystemError) -> (sender: Socket, receiver: Socket) {
    let (sender, receiver) = (try Socket(.datagram), try Socket(.datagram))
    for socket in [sender, receiver] { try socket.bind(to: .loopback()) }
    try sender.connect(to: receiver.endpoint())
    try receiver.connect(to: sender.endpoint())
    if joined { try fail(perflab_join_datagrams(receiver.descriptor), "UDP_GRO") }
    return (sender, receiver)
  }

  /// Sends datagrams of `size` bytes that lie one after the other, in batches (`sendmmsg`).
  public func send(datagrams bytes: UnsafeRawBufferPointer, of size: Int) throws(SystemError) {
    try Self.fail(
      perflab_send_datagrams(descriptor, bytes.baseAddress, size, Int32(bytes.count / size)),
      "sendmmsg")
  }

  /// Receives datagrams of `size` bytes, one after the other, in batches (`recvmmsg`), until
  /// `bytes` is full.
  /// - Returns: the number of bytes.
  public func receive(
    datagrams bytes: UnsafeMutableRawBufferPointer, of size: Int
  ) throws(SystemError) -> Int {
    try Self.checked(
      perflab_receive_datagrams(descriptor, bytes.baseAddress, size, Int32(bytes.count / size)),
      "recvmmsg")
  }

  /// Sends datagrams of `size` bytes that lie one after the other as one piece, which passes the
  /// kernel's stack as one and is segmented at its end (`UDP_SEGMENT`).
  /// - Parameter bytes: at most 65,507, and at most 64 datagrams.
  public func send(segments bytes: UnsafeRawBufferPointer, of size: Int) throws(SystemError) {
    try Self.fail(
      perflab_send_segments(descriptor, bytes.baseAddress, size, Int32(bytes.count / size)),
      "sendmsg with UDP_SEGMENT")
  }

  /// Receives one datagram, or several of one size that the kernel has joined.
  /// - Returns: the number of bytes, and the size of a datagram.
  public func receive(
    segments bytes: UnsafeMutableRawBufferPointer
  ) throws(SystemError) -> (bytes: Int, size: Int) {
    var size: Int32 = 0
    let received = try Self.checked(
      perflab_receive_segments(descriptor, bytes.baseAddress, bytes.count, &size), "recvmsg")
    return (received, Int(size))
  }

  private static func fail(_ errno: Int32, _ call: String) throws(SystemError) {
    if errno != 0 { throw SystemError(call: call, errno: errno) }
  }
}
