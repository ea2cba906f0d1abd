import Platform
import Systems
import Testing

struct HTTP2Tests {
  private let content = (0..<1_000).map { UInt8($0 % 251) }

  private func connection() throws -> (connection: HTTP2Connection, client: Socket) {
    let (client, server) = try Socket.pair()
    let cpu = try Affinity.allowed()[0]
    return (try HTTP2Connection(client, server, content: content, cpu: cpu), client)
  }

  @Test func everyStreamGetsTheContent() throws {
    let (connection, _) = try connection()
    let sum = content.withUnsafeBytes { wordSum($0) }
    #expect(try connection.fetch(1) == sum)
    #expect(try connection.fetch(8) == 8 &* sum)
  }

  @Test func aConnectionThatEndsIsAnError() throws {
    let (connection, client) = try connection()
    _ = try connection.fetch(1)
    client.end()
    #expect(throws: (any Error).self) { try connection.fetch(1) }
  }
}
