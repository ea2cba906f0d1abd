import CPerflab
import Glibc
import Platform

extension Socket {
  /// Sends a datagram; the socket must be connected.
  /// - Returns: whether the kernel took it.
  @discardableResult
  func sendDatagram(_ bytes: UnsafeRawBufferPointer) -> Bool {
    Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }

  /// Receives a datagram that has come already; the socket must stamp them.
  /// - Returns: its number of bytes, and when the kernel received it, in nanoseconds of the
  ///   real-time clock; nil where none has come.
  func receiveDatagram(_ buffer: UnsafeMutableRawBufferPointer) -> (bytes: Int, time: Int64)? {
    var time: Int64 = 0
    let count = perflab_receive_stamped(descriptor, buffer.baseAddress, buffer.count, &time)
    return count >= 0 ? (count, time) : nil
  }

  /// Has the kernel note when it received each datagram.
  func stampDatagrams() throws(SystemError) {
    let error = perflab_stamp_datagrams(descriptor)
    if error != 0 { throw SystemError(call: "SO_TIMESTAMPNS", errno: error) }
  }
}
