import Platform
import Systems

/// One visitor without think time who takes one kind of steps as often as they make sense: before a
/// checkout, something is put in the cart.
final class SinglePlayer: LoadPolicy {
  private let wire: ShopWire
  private let step: SessionMix.Step
  private var visitor: Visitor
  private var asked = 0
  private var wanted = 0
  private var responses: [Int] = []
  private var sentAt: UInt64 = 0
  private var isOwn = false

  init(_ step: SessionMix.Step, _ data: DataSize, _ wire: ShopWire) {
    self.wire = wire
    self.step = step
    visitor = Visitor(
      SessionMix([step: 1], thinking: .constant(0)), data, seed: 1, number: step.number)
  }

  /// - Returns: nanoseconds of each response to a step of its kind.
  func play(on exchange: Exchange, requests: Int) throws(LoadError) -> [Int] {
    (asked, wanted, responses) = (0, requests, [])
    _ = try exchange.play(seconds: 3_600, by: self) { () throws(LoadError) in
      try ask(on: exchange)
    }
    return responses
  }

  func arrive(_ request: Int, on exchange: Exchange) {}

  func receive(
    _ answer: Answer?, to attempt: Attempt, on exchange: Exchange
  ) throws(LoadError) {
    exchange.finish(attempt.request, answer)
    guard answer?.status == .succeeded else { throw .garbage("status \(wire.status)") }
    if isOwn { responses.append(Int(exchange.now - attempt.sent)) }
    _ = wire.body.withUnsafeBytes { visitor.receive(wire.status, $0) }
    try ask(on: exchange)
  }

  private func ask(on exchange: Exchange) throws(LoadError) {
    guard responses.count < wanted else { return }
    wire.next.removeAll(keepingCapacity: true)
    isOwn = visitor.next(into: &wire.next) == step
    try exchange.send(exchange.ask())
  }
}

extension SessionMix.Step {
  /// A stream of random numbers of its own.
  fileprivate var number: Int { SessionMix.Step.allCases.firstIndex(of: self) ?? 0 }
}
