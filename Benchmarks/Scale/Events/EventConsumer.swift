import Harness
import LoadBenches
import Results
import Systems

/// Events that come when they are due, a consumer with one connection, and the server that it calls.
final class EventConsumer: LoadedServers {
  /// Events per second, one for each call, and seconds of a call of the kernel.
  static let (capacity, window) = (1 / (Batching.call + Batching.event), 0.12)

  private let rate: Double

  init(_ point: Point) throws {
    rate = Self.capacity * Double(point.value) / 100
    try super.init(point, [Behaviour(places: 1)], connections: 1, isRehearsed: false)
  }

  /// - Returns: events that were not consumed.
  func consume(_ batching: Batching) -> UInt64 {
    let arrivals = arrivals(rate: rate, seconds: Self.window, isLowered: false)
    let (result, _) = serve(arrivals) { Consuming(batching) }
    report["mean delay"] = Counter(
      Double(max(1, result.latencies.reduce(0, +))) / Double(max(1, result.answered)),
      unit: .nanoseconds)
    report["p99 delay"] = Counter(Double(result.latency(at: 0.99) ?? 0), unit: .nanoseconds)
    report["events per call"] = Counter(
      Double(result.answered) / Double(max(1, result.sent)), unit: .count)
    return UInt64(result.asked - result.answered)
  }

  /// Nanoseconds of a call beyond the time for which the server holds it.
  func emptyCall() throws -> Double {
    let (count, held) = (100, UInt64(1e9 * (Batching.call + Batching.event)))
    let load = ClosedLoop(users: 1, seconds: 10, most: count, seed: 1)
    let result = try load.run(on: exchange, demands: [held])
    let mean = Double(result.latencies.reduce(0, +)) / Double(max(1, result.answered))
    return max(1, mean - Double(held))
  }
}

/// Sends calls on the one connection, each for the events that the batching puts together.
private final class Consuming: LoadPolicy {
  private let batching: Batching
  private var waiting: [Int] = []
  private var first = 0
  private var called: Range<Int>?

  init(_ batching: Batching) { self.batching = batching }

  func arrive(_ request: Int, on exchange: Exchange) throws(LoadError) {
    waiting.append(request)
    try callIfDue(on: exchange)
  }

  func wake(_ number: Int, on exchange: Exchange) throws(LoadError) {
    try callIfDue(on: exchange)
  }

  func receive(
    _ answer: Answer?, to attempt: Attempt, on exchange: Exchange
  ) throws(LoadError) {
    for place in called ?? 0..<0 { exchange.finish(waiting[place], answer) }
    called = nil
    try callIfDue(on: exchange)
  }

  private func callIfDue(on exchange: Exchange) throws(LoadError) {
    let count = min(batching.most, waiting.count - first)
    guard called == nil, count > 0 else { return }
    let due = exchange.due[waiting[first]] + UInt64(1e9 * batching.wait)
    guard count == batching.most || due <= exchange.now else {
      return exchange.wake(0, at: due)
    }
    let demand = UInt64(1e9 * (Batching.call + Batching.event * Double(count)))
    called = first..<first + count
    try exchange.send(waiting[first], demand: demand)
    first += count
  }
}
