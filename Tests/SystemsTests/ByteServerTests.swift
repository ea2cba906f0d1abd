import Systems
import Testing

struct ByteServerTests {
  private let content = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

  private func digest(_ bytes: Int) -> UInt64 {
    content.prefix(bytes).withUnsafeBytes { wordSum($0) }
  }

  @Test func responsesAreWhatWasRequested() throws {
    let server = try ByteServer(content: content, cpu: nil)
    let client = ByteClient(of: server, largest: content.count)
    let connection = try client.connect()
    for bytes in [1, 8, 1_000, content.count] {
      #expect(try client.fetch(bytes, on: connection) == digest(bytes))
    }
  }

  @Test func requestsMayBeSentBeforeTheirResponsesCome() throws {
    let server = try ByteServer(content: content, cpu: nil)
    let client = ByteClient(of: server, largest: content.count)
    let connection = try client.connect()
    try client.request(100, times: 20, on: connection)
    for _ in 0..<20 { #expect(try client.receive(100, on: connection) == digest(100)) }
  }

  @Test func connectionsOneAfterTheOtherAreServed() throws {
    let server = try ByteServer(content: content, cpu: nil)
    let client = ByteClient(of: server, largest: content.count)
    for _ in 0..<20 { #expect(try client.fetch(64, on: client.connect()) == digest(64)) }
  }

  @Test func connectionsAtTheSameTimeAreServed() throws {
    let server = try ByteServer(content: content, cpu: nil, isConcurrent: true)
    let client = ByteClient(of: server, largest: content.count)
    let connections = try (0..<8).map { _ in try client.connect() }
    for connection in connections { try client.request(500, on: connection) }
    var readiness = Readiness(of: connections)
    var seen = Set<Int>()
    while seen.count < connections.count {
      for number in try readiness.next() {
        #expect(try client.receive(500, on: connections[number]) == digest(500))
        readiness.remove(number)
        #expect(seen.insert(number).inserted)
      }
    }
  }

  @Test func anEndInTheMiddleIsAnError() throws {
    let server = try ByteServer(content: content, cpu: nil)
    let client = ByteClient(of: server, largest: 2 * content.count)
    let connection = try client.connect()
    // The server has less than was requested, and the client ends meanwhile.
    try client.request(2 * content.count, on: connection)
    _ = try client.receive(content.count, on: connection)
    connection.end()
    #expect(throws: (any Error).self) { try client.receive(1, on: connection) }
  }
}
