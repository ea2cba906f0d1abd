import Glibc
import Platform
import Systems
import Testing

struct SocketTests {
  @Test func whatIsSentArrives() throws {
    let listener = try Socket.listening()
    let client = try Socket.connected(to: listener.endpoint(), options: [.noDelay(true)])
    let server = try listener.accept()
    let sent = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    try sent.prefix(1_000).withUnsafeBytes { try client.send($0) }
    var received = [UInt8](repeating: 0, count: 1_000)
    #expect(try received.withUnsafeMutableBytes { try server.receiveAll($0) })
    #expect(received == Array(sent.prefix(1_000)))
    client.end()
    #expect(try received.withUnsafeMutableBytes { try server.receive($0) } == 0)
  }

  @Test func aRefusedConnectionNamesItsEndpoint() throws {
    let endpoint = try Socket.listening().endpoint()
    let error = #expect(throws: (any Error).self) { try Socket.connected(to: endpoint) }
    #expect("\(error!)" == "connect \(endpoint): Connection refused")
  }

  @Test func aPortInUseIsOneLine() throws {
    let first = try Socket(.stream)
    try first.bind(to: .loopback())
    let endpoint = try first.endpoint()
    let second = try Socket(.stream)
    let error = #expect(throws: SystemError.self) { try second.bind(to: endpoint) }
    #expect(error.map { "\($0)" }?.contains("\(endpoint)") == true)
    #expect(error?.errno == EADDRINUSE)
  }

  @Test func aReservedPortIsThereForWhoListens() throws {
    let port = try Socket.reservingPort()
    let endpoint = try port.endpoint()
    for _ in 0..<2 {
      #expect(throws: SystemError.self) { try Socket.connected(to: endpoint) }
      let listener = try Socket.listening(at: endpoint)
      _ = try Socket.connected(to: endpoint)
      _ = try listener.accept()
    }
  }

  @Test func anAlgorithmThatTheKernelLacksIsRefused() throws {
    let error = #expect(throws: (any Error).self) {
      try Socket.connected(
        to: Socket.listening().endpoint(), options: [.congestionControl("nonesuch")])
    }
    #expect("\(error!)".contains("congestion control nonesuch"))
  }

  @Test func addressesReadAsPeopleWriteThem() {
    #expect("\(Endpoint.loopback(port: 8_080))" == "127.0.0.1:8080")
  }
}
