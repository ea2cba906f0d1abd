import Systems
import Testing

struct PollerTests {
  @Test func namesTheSocketsThatAreReady() throws {
    let poller = try Poller()
    let pairs = try (0..<3).map { _ in try Socket.pair() }
    for (token, pair) in pairs.enumerated() {
      try poller.add(pair.server, for: .reading, token: token)
    }
    try [UInt8(1)].withUnsafeBytes { try pairs[1].client.send($0) }
    var ready: [Int] = []
    try poller.wait(into: &ready)
    #expect(ready == [1])
    poller.remove(pairs[1].server)
    try poller.wait(for: 1_000_000, into: &ready)
    #expect(ready.isEmpty)
  }

  @Test func aConnectionInTheMakingIsReadyWhenItIsMade() throws {
    let listener = try Socket.listening()
    try listener.setNonblocking()
    #expect(try listener.acceptIfAny() == nil)
    let client = try Socket.connecting(to: listener.endpoint())
    let poller = try Poller()
    try poller.add(client, for: .writing, token: 0)
    var ready: [Int] = []
    try poller.wait(for: 10_000_000_000, into: &ready)
    #expect(ready == [0])
    try client.checkConnection()
    #expect(try listener.acceptIfAny() != nil)
  }

  @Test func aRefusedConnectionSaysWhy() throws {
    let endpoint = try Socket.listening().endpoint()
    let client = try Socket(.stream)
    let error = #expect(throws: (any Error).self) { try client.connect(to: endpoint) }
    #expect("\(error!)".contains("Connection refused"))
  }

  @Test func gatheredPartsArriveAsOne() throws {
    let (client, server) = try Socket.pair()
    let parts: [[UInt8]] = [[1, 2], [3], [4, 5, 6]]
    try parts[0].withUnsafeBytes { first in
      try parts[1].withUnsafeBytes { second in
        try parts[2].withUnsafeBytes { third in
          try client.send(gathering: [first, second, third])
        }
      }
    }
    var received = [UInt8](repeating: 0, count: 16)
    let count = try received.withUnsafeMutableBytes { try server.receive($0) }
    #expect(Array(received.prefix(count)) == [1, 2, 3, 4, 5, 6])
  }

  @Test func theSumOfWordsCountsEveryByte() {
    let bytes: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0, 2, 1]
    #expect(bytes.withUnsafeBytes { wordSum($0) } == 1 + 2 + 256)
  }

  @Test func aServerThreadRunsWhereItShould() throws {
    let (client, server) = try Socket.pair()
    try ServerThread(on: nil) {
      withUnsafeTemporaryAllocation(byteCount: 8, alignment: 8) { buffer in
        guard let count = try? server.receive(buffer) else { return }
        try? server.send(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
    }
    try [UInt8(7)].withUnsafeBytes { try client.send($0) }
    var answer: UInt8 = 0
    try withUnsafeMutableBytes(of: &answer) { _ = try client.receiveAll($0) }
    #expect(answer == 7)
    let error = #expect(throws: (any Error).self) { try ServerThread(on: 100_000) {} }
    #expect("\(error!)".contains("processor 100000"))
  }
}
