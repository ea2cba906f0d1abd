import Harness
import Systems

/// What QUIC sends where it knows nothing of the path (RFC 9000, 14.1).
let datagramBytes = 1_200
/// Of a kernel call; a multiple of every batch.
let datagrams = 192

/// Two sockets, and what is sent from one to the other: at most 48 datagrams are under way, which
/// the receive buffer holds.
final class Wire {
  let sender, receiver: Socket
  let bytes, arrived: UnsafeMutableRawBufferPointer
  let batchBytes: Int

  init(_ point: Point, joined: Bool = false) throws {
    (sender, receiver) = try Socket.datagramPair(joined: joined)
    batchBytes = point.value * datagramBytes
    bytes = .allocate(byteCount: datagrams * datagramBytes, alignment: 64)
    bytes.copyBytes(from: point.bytes(bytes.count))
    arrived = .allocate(byteCount: 65_536, alignment: 64)
  }

  deinit {
    bytes.deallocate()
    arrived.deallocate()
  }

  /// Passes all batches by `pass`, and sums what arrived.
  func inBatches(
    _ pass: (UnsafeRawBufferPointer, UnsafeMutableRawBufferPointer) throws -> Void
  ) rethrows -> UInt64 {
    var sum: UInt64 = 0
    for start in stride(from: 0, to: bytes.count, by: batchBytes) {
      let batch = UnsafeMutableRawBufferPointer(rebasing: arrived[..<batchBytes])
      try pass(UnsafeRawBufferPointer(rebasing: bytes[start..<start + batchBytes]), batch)
      sum &+= wordSum(UnsafeRawBufferPointer(batch))
    }
    return sum
  }
}
