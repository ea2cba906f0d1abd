import Platform
import Systems
import Testing

struct EchoRingTests {
  @Test(.enabled(if: RingAccess.refusal == nil)) func sendsBackWhatItReceives() throws {
    let listener = try Socket.listening()
    try ServerThread(on: nil) { try? EchoRing(listener).serve() }
    let clients = try (0..<3).map { _ in try Socket.connected(to: listener.endpoint()) }
    for round in 0..<4 {
      for (number, client) in clients.enumerated() {
        let bytes = [UInt8](repeating: UInt8(10 * round + number), count: 600)
        try bytes.withUnsafeBytes { try client.send($0) }
      }
      for (number, client) in clients.enumerated() {
        var answer = [UInt8](repeating: 0, count: 600)
        _ = try answer.withUnsafeMutableBytes { try client.receiveAll($0) }
        #expect(answer == [UInt8](repeating: UInt8(10 * round + number), count: 600))
      }
    }
    clients[0].end()
    try [UInt8](1...9).withUnsafeBytes { try clients[1].send($0) }
    var rest = [UInt8](repeating: 0, count: 9)
    _ = try rest.withUnsafeMutableBytes { try clients[1].receiveAll($0) }
    #expect(rest == [UInt8](1...9))
    listener.end()
  }
}
