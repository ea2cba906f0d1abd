import Glibc

extension Socket {
  /// Sends a datagram; the socket must be connected.
  /// - Returns: whether the kernel took it.
  @discardableResult
  func sendDatagram(_ bytes: UnsafeRawBufferPointer) -> Bool {
    Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }

  /// Receives a datagram that has come already.
  /// - Returns: its number of bytes; nil where none has come.
  func receiveDatagram(_ buffer: UnsafeMutableRawBufferPointer) -> Int? {
    let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
    return count >= 0 ? count : nil
  }
}
