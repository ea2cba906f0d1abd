import Glibc
import Platform
import Systems

/// Receives `count` bytes, at most 64 KiB at a time, and answers with their sum as words; then
/// again, until the other side ends.
func answer(_ socket: Socket, count: Int) throws {
  let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
  defer { bytes.deallocate() }
  while true {
    var (received, summed, sum) = (0, 0, UInt64(0))
    while received < count {
      let end = min(count, received + 65_536)
      let place = UnsafeMutableRawBufferPointer(rebasing: bytes[received..<end])
      let more = try socket.receive(place)
      if more == 0 { return }
      received += more
      let whole = received == count ? received : received / 8 * 8
      sum &+= wordSum(UnsafeRawBufferPointer(rebasing: bytes[summed..<whole]))
      summed = whole
    }
    try withUnsafeBytes(of: sum) { try socket.send($0) }
  }
}

extension Socket {
  /// The next eight bytes.
  func receiveWord() throws -> UInt64 {
    var word: UInt64 = 0
    guard try withUnsafeMutableBytes(of: &word, receiveAll) else {
      throw SystemError(call: "the other side", errno: ECONNRESET)
    }
    return word
  }
}
