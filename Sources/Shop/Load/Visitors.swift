import Statistics
import Systems

/// What visitors write and read: each request as it was prepared, each response whole. For the
/// generator's thread.
public final class ShopWire: WireProtocol, @unchecked Sendable {
  // SAFETY (@unchecked): an exchange encodes and scans on its own thread, which is also that of its
  // policy.
  /// The request that is sent next.
  public var next: [UInt8] = []
  /// Of the last response.
  public private(set) var status = 0
  /// Of the last response.
  public private(set) var body: [UInt8] = []

  /// For one exchange.
  public init() {}

  /// See `WireProtocol`.
  public func encode(_ request: Request, into bytes: inout [UInt8]) {
    bytes.append(contentsOf: next)
  }

  /// See `WireProtocol`.
  public func scan(_ bytes: UnsafeRawBufferPointer, for request: Request) -> AnswerScan {
    switch ResponseScan.scan(bytes) {
    case .partial: return .partial
    case .garbage(let what): return .garbage(what)
    case .whole(let found):
      status = found.status
      let body = UnsafeRawBufferPointer(rebasing: bytes[found.body])
      self.body.removeAll(keepingCapacity: true)
      self.body.append(contentsOf: body)
      return .whole(
        Answer(
          found.status < 400 ? .succeeded : .failed, digest: Answer.digest(ofBytes: body),
          isLast: found.isLast),
        bytes: found.body.upperBound)
    }
  }
}

/// Visitors that play a mix of sessions against a Shop. In a closed loop each thinks between a
/// response and the next request, or they take turns, so many at a time; in an open loop the visitor
/// whose turn it is takes its next step when a request is due.
public final class Visitors: LoadPolicy {
  /// Orders that were acknowledged.
  public private(set) var acknowledged: [Int] = []
  /// How often each status came.
  public private(set) var statuses: [Int: Int] = [:]
  /// Requests that got no response: the connection was refused or lost.
  public private(set) var unanswered = 0

  private let wire: ShopWire
  private var visitors: [Visitor]
  private var isBusy: [Bool]
  private var turn = 0
  private var pace = Pace.due
  private var end: UInt64 = 0
  /// Requests that are due and have no visitor who is free.
  private var waiting: [Int] = []
  private var random: SeededGenerator

  /// When a visitor sends a request.
  private enum Pace {
    /// When one is due.
    case due
    /// When it has thought about the last response.
    case thinking
    /// When its turn has come and the pause after another one's response is over.
    case turns(pause: Durations)
  }

  /// - Parameters:
  ///   - count: of visitors.
  ///   - data: what the Shop sells.
  ///   - popular: products that they look at, of the most popular ones; all where nil.
  public init(
    _ mix: SessionMix, count: Int, data: DataSize, wire: ShopWire, seed: UInt64,
    popular: Int? = nil
  ) {
    self.wire = wire
    visitors = (0..<count).map { Visitor(mix, data, seed: seed, number: $0, popular: popular) }
    isBusy = [Bool](repeating: false, count: count)
    random = SeededGenerator(seed: seed, stream: 0x7015)
  }

  /// Has all visitors come and go on for so long, each at its own pace.
  /// - Returns: latencies count from sending.
  public func play(on exchange: Exchange, seconds: Double) throws(LoadError) -> LoadResult {
    begin(.thinking)
    return try exchange.play(seconds: seconds, by: self) { () throws(LoadError) in
      end = exchange.now + UInt64(seconds * 1e9)
      for index in visitors.indices { think(index, on: exchange) }
    }
  }

  /// Has the visitors ask by turns for so long.
  /// - Parameters:
  ///   - places: requests that are under way at a time.
  ///   - pause: nanoseconds between a response and the next request in its place.
  /// - Returns: latencies count from sending.
  public func playByTurns(
    on exchange: Exchange, places: Int, pause: Durations, seconds: Double
  ) throws(LoadError) -> LoadResult {
    begin(.turns(pause: pause))
    return try exchange.play(seconds: seconds, by: self) { () throws(LoadError) in
      end = exchange.now + UInt64(seconds * 1e9)
      for _ in 0..<places { pauseForTurn(on: exchange) }
    }
  }

  /// Has requests sent when they are due, whatever became of earlier ones.
  /// - Returns: latencies count from the time that a request was due.
  public func play(
    on exchange: Exchange, _ arrivals: Arrivals
  ) throws(LoadError) -> LoadResult {
    begin(.due)
    return try OpenLoop(arrivals, tolerance: .infinity).run(on: exchange, by: self)
  }

  /// Who had no response when an earlier load ended has given up.
  private func begin(_ pace: Pace) {
    (self.pace, waiting) = (pace, [])
    isBusy = [Bool](repeating: false, count: visitors.count)
  }

  /// See `LoadPolicy`.
  public func arrive(_ request: Int, on exchange: Exchange) throws(LoadError) {
    if let visitor = nextFree() {
      try send(request, of: visitor, on: exchange)
    } else {
      waiting.append(request)
    }
  }

  /// Whose turn it is: somebody whose last request is not answered does not send another one.
  private func nextFree() -> Int? {
    for _ in visitors.indices {
      let visitor = turn
      turn = (turn + 1) % visitors.count
      if !isBusy[visitor] { return visitor }
    }
    return nil
  }

  /// See `LoadPolicy`.
  public func wake(_ number: Int, on exchange: Exchange) throws(LoadError) {
    guard case .turns = pace else { return try send(exchange.ask(), of: number, on: exchange) }
    if let visitor = nextFree() { try send(exchange.ask(), of: visitor, on: exchange) }
  }

  /// See `LoadPolicy`.
  public func receive(
    _ answer: Answer?, to attempt: Attempt, on exchange: Exchange
  ) throws(LoadError) {
    if answer != nil {
      statuses[wire.status, default: 0] += 1
      let order = wire.body.withUnsafeBytes { visitors[attempt.tag].receive(wire.status, $0) }
      if let order { acknowledged.append(order) }
    } else {
      unanswered += 1
    }
    finish(attempt.request, of: attempt.tag, answer, on: exchange)
    if !waiting.isEmpty {
      try send(waiting.removeFirst(), of: attempt.tag, on: exchange)
    }
  }

  private func send(
    _ request: Int, of visitor: Int, on exchange: Exchange
  ) throws(LoadError) {
    wire.next.removeAll(keepingCapacity: true)
    visitors[visitor].next(into: &wire.next)
    isBusy[visitor] = true
    guard try exchange.sendReconnecting(request, tag: visitor) else {
      unanswered += 1
      return finish(request, of: visitor, nil, on: exchange)
    }
  }

  private func finish(
    _ request: Int, of visitor: Int, _ answer: Answer?, on exchange: Exchange
  ) {
    isBusy[visitor] = false
    exchange.finish(request, answer)
    switch pace {
    case .due: break
    case .thinking: think(visitor, on: exchange)
    case .turns: pauseForTurn(on: exchange)
    }
  }

  /// A request that would begin after the end is not begun.
  private func pauseForTurn(on exchange: Exchange) {
    guard case .turns(let pause) = pace else { return }
    let time = exchange.now + pause.draw(&random)
    if time < end { exchange.wake(0, at: time) }
  }

  /// Who would come back after the end does not come back.
  private func think(_ visitor: Int, on exchange: Exchange) {
    let time = exchange.now + visitors[visitor].pause()
    if time < end { exchange.wake(visitor, at: time) }
  }
}
