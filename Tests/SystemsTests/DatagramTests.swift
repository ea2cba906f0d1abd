import Systems
import Testing

struct DatagramTests {
  private static let size = 1_200
  private static let bytes = (0..<16 * size).map { UInt8(truncatingIfNeeded: $0 &* 31) }

  @Test func batchesArriveInOrder() throws {
    let (sender, receiver) = try Socket.datagramPair()
    try Self.bytes.withUnsafeBytes { try sender.send(datagrams: $0, of: Self.size) }
    var received = [UInt8](repeating: 0, count: Self.bytes.count)
    let count = try received.withUnsafeMutableBytes {
      try receiver.receive(datagrams: $0, of: Self.size)
    }
    #expect(count == Self.bytes.count)
    #expect(received == Self.bytes)
  }

  @Test func segmentsArriveJoined() throws {
    let (sender, receiver) = try Socket.datagramPair(joined: true)
    try Self.bytes.withUnsafeBytes { try sender.send(segments: $0, of: Self.size) }
    var received = [UInt8](repeating: 0, count: Self.bytes.count)
    let (count, size) = try received.withUnsafeMutableBytes { try receiver.receive(segments: $0) }
    #expect((count, size) == (Self.bytes.count, Self.size))
    #expect(received == Self.bytes)
  }

  @Test func segmentsAreDatagramsToAReceiverThatDoesNotJoin() throws {
    let (sender, receiver) = try Socket.datagramPair()
    try Self.bytes.withUnsafeBytes { try sender.send(segments: $0, of: Self.size) }
    var received = [UInt8](repeating: 0, count: Self.bytes.count)
    let (count, size) = try received.withUnsafeMutableBytes { try receiver.receive(segments: $0) }
    #expect((count, size) == (Self.size, Self.size))
  }

  @Test func aPieceThatIsTooLargeIsRefused() throws {
    let (sender, _) = try Socket.datagramPair()
    let bytes = [UInt8](repeating: 0, count: 60 * Self.size)
    let error = #expect(throws: (any Error).self) {
      try bytes.withUnsafeBytes { try sender.send(segments: $0, of: Self.size) }
    }
    #expect("\(error!)" == "sendmsg with UDP_SEGMENT: Message too long")
  }
}
