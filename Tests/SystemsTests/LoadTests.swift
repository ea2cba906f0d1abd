import Glibc
import Testing

@testable import Systems

/// The generator against servers of SwiftNIO in this process.
@Suite(.serialized) struct LoadTests {
  private let loops: EventLoops

  init() throws { loops = try EventLoops(cpus: [0]) }

  private func exchange(_ backends: [Backend], connections: Int) throws -> Exchange {
    try Exchange(
      backends.map { Exchange.Group($0.endpoint, connections: connections) },
      wire: EchoProtocol())
  }

  @Test func allThatIsAskedIsSentAndAnswered() throws {
    let backend = try Backend(on: loops.loops[0])
    let exchange = try exchange([backend], connections: 200)
    let demands = [UInt64](repeating: 2_000_000, count: 200)
    let load = OpenLoop(.constant(rate: 2_000, seconds: 0.1))
    let (first, second) = try (
      load.repeated(on: exchange, demands: demands), load.repeated(on: exchange, demands: demands)
    )
    for result in [first, second] {
      #expect(result.asked == 200 && result.sent == 200 && result.answered == 200)
      #expect(result.failed == 0 && result.latencies.count == 200 && result.lateness.count == 200)
      // What a request asks for is a lower bound of its time.
      #expect(result.latencies.allSatisfy { $0 >= 2_000_000 })
    }
    #expect(first.digest == second.digest && first.digest != 0)
    #expect(first.digest == EchoProtocol().echoDigest(of: demands))
  }

  @Test func aLoadIsVoidWhereNoConnectionIsFree() throws {
    let backend = try Backend(on: loops.loops[0], Behaviour(service: .drawn(.constant(1e9))))
    let exchange = try exchange([backend], connections: 4)
    let error = #expect(throws: LoadError.self) {
      try OpenLoop(.constant(rate: 1_000, seconds: 0.01)).run(on: exchange, by: SendOnce())
    }
    #expect(error == .noFreeConnection(group: 0, of: 4))
    #expect("\(try #require(error))".hasPrefix("void: all 4 connections"))
  }

  @Test func answersThatDoNotComeInTimeHaveFailed() throws {
    let backend = try Backend(on: loops.loops[0])
    let exchange = try exchange([backend], connections: 10)
    let demands: [UInt64] = [0] + [UInt64](repeating: 300_000_000_000, count: 9)
    let result = try exchange.run(
      .constant(rate: 1_000, seconds: 0.01), by: SendOnce(demands: demands), grace: 300_000_000)
    #expect(result.answered == 1 && result.failed == 9 && result.asked == 10)
    // The next load opens new connections instead of those that still wait.
    let next = try exchange.run(
      .constant(rate: 1_000, seconds: 0.01), by: SendOnce(), grace: 1_000_000_000)
    #expect(next.answered == 10)
  }

  @Test func aFullQueueAndFailuresAreCounted() throws {
    let backend = try Backend(
      on: loops.loops[0],
      Behaviour(service: .drawn(.constant(20_000_000)), places: 1, queue: 1))
    let exchange = try exchange([backend], connections: 8)
    let result = try exchange.run(
      .constant(rate: 1_000, seconds: 0.005), by: SendOnce(), grace: 1_000_000_000)
    #expect(result.answered == 2 && result.failed == 3)
    var counts = try backend.counts()
    #expect(counts.arrived == 5 && counts.rejected == 3 && counts.mostWaiting == 1)
    try backend.behave(Behaviour(failures: 1))
    let failing = try exchange.run(
      .constant(rate: 1_000, seconds: 0.005), by: SendOnce(), grace: 1_000_000_000)
    #expect(failing.failed == 5)
    counts = try backend.counts()
    #expect(counts.failed == 5 && counts.served == 5)
  }

  @Test func aCancelledRequestIsAnsweredAtOnceAndFreesItsPlace() throws {
    let backend = try Backend(on: loops.loops[0], Behaviour(places: 1))
    let exchange = try exchange([backend], connections: 4)
    let policy = CancelFirst()
    let result = try exchange.run(
      .constant(rate: 1_000, seconds: 0.002), by: policy, grace: 2_000_000_000)
    #expect(Set(policy.statuses) == [.cancelled, .succeeded])
    #expect(result.answered == 1 && result.failed == 1)
    #expect(try backend.counts().cancelled == 1)
  }

  @Test func usersThinkBetweenRequests() throws {
    let backend = try Backend(on: loops.loops[0])
    let exchange = try exchange([backend], connections: 3)
    let loop = ClosedLoop(
      users: 3, thinking: .constant(5_000_000), seconds: 0.05, seed: 1)
    let result = try loop.run(on: exchange)
    // At most one request of each user in every 5 ms.
    #expect(result.asked >= 3 && result.asked <= 30)
    #expect(result.answered == result.asked)
    let bounded = try ClosedLoop(users: 2, seconds: 10, most: 50, seed: 1).run(on: exchange)
    #expect(bounded.asked == 50 && bounded.answered == 50)
  }

  @Test func httpIsServedByTheSameBackend() throws {
    let backend = try Backend(on: loops.loops[0], speaking: .http)
    let exchange = try Exchange([.init(backend.endpoint, connections: 50)], wire: HTTPProtocol())
    let result = try exchange.run(
      .constant(rate: 1_000, seconds: 0.05), by: SendOnce(), grace: 1_000_000_000)
    #expect(result.answered == 50)
    try backend.behave(Behaviour(failures: 1))
    let failing = try exchange.run(
      .constant(rate: 1_000, seconds: 0.01), by: SendOnce(), grace: 1_000_000_000)
    #expect(failing.failed == 10)
  }

  @Test func httpCarriesADemandWhichComesBack() throws {
    let backend = try Backend(on: loops.loops[0], speaking: .http)
    let wire = HTTPProtocol(carriesDemand: true)
    let exchange = try Exchange([.init(backend.endpoint, connections: 50)], wire: wire)
    let demands = (0..<50).map { UInt64(1_000_000 + $0) }
    let result = try exchange.run(
      .constant(rate: 1_000, seconds: 0.05), by: SendOnce(demands: demands),
      grace: 1_000_000_000)
    #expect(result.answered == 50 && result.digest == wire.echoDigest(of: demands))
    #expect(result.latencies.allSatisfy { $0 >= 1_000_000 })
  }

  @Test func aServerOfAnotherProtocolIsGarbage() throws {
    let backend = try Backend(on: loops.loops[0], Behaviour(service: .drawn(.constant(0))))
    let exchange = try Exchange(
      [.init(backend.endpoint, connections: 1)],
      wire: HTTPProtocol(path: "/" + String(repeating: "x", count: 100)))
    let error = #expect(throws: LoadError.self) {
      try exchange.run(
        .constant(rate: 1_000, seconds: 0.001), by: SendOnce(), grace: 1_000_000_000)
    }
    #expect("\(try #require(error))".hasPrefix("the server does not speak the protocol"))
  }

  @Test func aServerThatEndsIsSaidInOneLine() throws {
    let listener = try Socket.listening()
    let exchange = try Exchange(
      [.init(try listener.endpoint(), connections: 2)], wire: EchoProtocol())
    let policy = EndServer([try listener.accept(), try listener.accept()])
    let error = #expect(throws: LoadError.self) {
      try exchange.run(.constant(rate: 1_000, seconds: 0.001), by: policy, grace: 1_000_000_000)
    }
    #expect(error == .closed(group: 0))
    #expect("\(try #require(error))" == "server 0 closed all connections")
    #expect((1...2).contains(policy.lost))
  }

  @Test func aRefusedConnectionIsSaidInOneLine() throws {
    let endpoint = try Socket.listening().endpoint()
    let error = #expect(throws: LoadError.self) {
      try Exchange([.init(endpoint, connections: 1)], wire: EchoProtocol())
    }
    #expect("\(try #require(error))" == "connect \(endpoint): Connection refused")
  }
}

extension OpenLoop {
  /// Without the judgement on the generator's lateness: other processes disturb tests.
  fileprivate func repeated(on exchange: Exchange, demands: [UInt64]) throws -> LoadResult {
    try exchange.run(arrivals, by: SendOnce(demands: demands), grace: grace)
  }
}

/// Cancels the first request when the second is due.
private final class CancelFirst: LoadPolicy {
  var statuses: [Answer.Status?] = []

  func arrive(_ request: Int, on exchange: Exchange) throws(LoadError) {
    if request == 1 { exchange.cancel(0) }
    try exchange.send(request, demand: request == 0 ? 1_500_000_000 : 1_000)
  }

  func receive(_ answer: Answer?, to attempt: Attempt, on exchange: Exchange) {
    statuses.append(answer?.status)
    exchange.finish(attempt.request, answer)
  }
}

/// Ends the server with the first request.
private final class EndServer: LoadPolicy {
  private var sockets: [Socket]
  var lost = 0

  init(_ sockets: [Socket]) { self.sockets = sockets }

  func arrive(_ request: Int, on exchange: Exchange) throws(LoadError) {
    try exchange.send(request)
    for socket in sockets { socket.end() }
    sockets = []
  }

  func receive(_ answer: Answer?, to attempt: Attempt, on exchange: Exchange) throws(LoadError) {
    guard answer == nil else { return exchange.finish(attempt.request, answer) }
    lost += 1
    try exchange.send(attempt.request)
  }
}
