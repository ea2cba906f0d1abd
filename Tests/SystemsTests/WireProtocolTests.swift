import Testing

@testable import Systems

struct WireProtocolTests {
  private func scan(_ wire: any WireProtocol, _ bytes: [UInt8], id: UInt64 = 1) -> AnswerScan {
    bytes.withUnsafeBytes { wire.scan($0, for: Request(id: id)) }
  }

  @Test func anEchoIsWholeWithItsLastByteAndHasItsOwnId() {
    let wire = EchoProtocol(length: 32)
    var bytes: [UInt8] = []
    wire.encode(Request(id: 1, demand: 5), into: &bytes)
    #expect(bytes.count == 32)
    #expect(scan(wire, bytes.dropLast()) == .partial)
    guard case .whole(let answer, 32) = scan(wire, bytes) else { return #expect(Bool(false)) }
    #expect(answer.status == .succeeded)
    #expect(scan(wire, bytes, id: 2) == .garbage("the answer to request 1"))
    bytes[EchoProtocol.statusOffset] = 77
    #expect(scan(wire, bytes) == .garbage("status 77"))
  }

  @Test func anAnswerOfHTTPEndsWithItsBody() {
    let wire = HTTPProtocol()
    let text = "HTTP/1.1 200 OK\r\nServer: x\r\ncontent-length: 4\r\n\r\nbody"
    let bytes = Array(text.utf8)
    for length in 0..<bytes.count { #expect(scan(wire, Array(bytes.prefix(length))) == .partial) }
    guard case .whole(let answer, let length) = scan(wire, bytes) else {
      return #expect(Bool(false))
    }
    #expect(answer.status == .succeeded && length == bytes.count)
  }

  @Test(arguments: [
    ("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", Answer.Status.failed),
    ("HTTP/1.0 304 Not Modified\r\nContent-Length:0 \r\n\r\n", .succeeded),
  ])
  func theStatusDecides(text: String, status: Answer.Status) {
    guard case .whole(let answer, _) = scan(HTTPProtocol(), Array(text.utf8)) else {
      return #expect(Bool(false))
    }
    #expect(answer.status == status)
  }

  @Test func whatIsNotHTTPIsSaidInOneLine() {
    let wire = HTTPProtocol()
    #expect(
      scan(wire, Array("+PONG is what Redis says\r\n".utf8))
        == .garbage("no status line of HTTP/1: +PONG is what Redis says"))
    #expect(
      scan(wire, Array("HTTP/1.1 200 OK\r\n\r\n".utf8))
        == .garbage("an answer without Content-Length"))
  }

  @Test func timersComeInTheirOrder() {
    var heap = TimerHeap()
    for (number, time) in [50, 10, 40, 20, 30, 20].enumerated() {
      heap.insert(number, at: UInt64(time))
    }
    #expect(heap.next == 10)
    let early = heap.pop(upTo: 9)
    #expect(early == nil)
    var numbers: [Int] = []
    while let number = heap.pop(upTo: 40) { numbers.append(number) }
    #expect(numbers.first == 1 && Set(numbers[1...2]) == [3, 5] && numbers[3...] == [4, 2])
    #expect(heap.next == 50)
  }
}
