import Simulation
import Statistics
import Techniques
import Testing

/// `Breaker` of the simulator and `CircuitBreaker` of the techniques have the same rules.
@Suite("Two breakers on one sequence of calls")
struct BreakerTests {
  /// A call that would end so many seconds after its start, if it is allowed.
  private struct Call {
    let (start, length): (Double, Double)
    let succeeds: Bool
  }

  private static let (share, window, rest) = (0.5, 4, 5.0)

  /// Calls that overlap, in good times and bad.
  private static func calls(_ seed: UInt64) -> [Call] {
    var random = SeededGenerator(seed: seed)
    func uniform() -> Double { Double.random(in: 0..<1, using: &random) }
    var (now, calls) = (0.0, [Call]())
    for number in 0..<400 {
      now += 2 * uniform()
      let failing = number / 40 % 2 == 0 ? 0.2 : 0.8
      calls.append(Call(start: now, length: 3 * uniform(), succeeds: uniform() >= failing))
    }
    return calls
  }

  /// The calls that the simulator's breaker refuses.
  private static func refusedInSimulation(_ calls: [Call]) -> [Int] {
    let breaker = Breaker("breaker", opensAbove: share, of: window, for: .seconds(rest))
    let down = Tier(
      "down", service: .none, outages: [Outage(at: .zero, for: .seconds(1e6), of: 0..<1)])
    let sources = calls.enumerated().map { number, call in
      let work = Route.delay("work \(number)", .exactly(.seconds(call.length)))
      let route = call.succeeds ? work : work.then(down)
      return Source("\(number)", .recorded([.seconds(call.start)]), to: route.behind(breaker))
    }
    let system = System { for source in sources { source } }
    let outcome = system.run(seed: 1, for: .seconds(1_000), warmUp: .zero, drains: true)
    return calls.indices.filter { outcome["\($0)"].refused == 1 }
  }

  /// The calls that the technique's breaker refuses.
  private static func refusedByTechnique(_ calls: [Call]) -> [Int] {
    func nanoseconds(_ seconds: Double) -> UInt64 { UInt64(1e9 * seconds) }
    let starts = calls.enumerated().map { (time: $1.start, isEnd: false, call: $0) }
    let ends = calls.enumerated().map { (time: $1.start + $1.length, isEnd: true, call: $0) }
    var breaker = CircuitBreaker(opensAbove: share, of: window, for: nanoseconds(rest))
    var refused: [Int] = []
    for event in (starts + ends).sorted(by: { $0.time < $1.time }) {
      let now = nanoseconds(event.time)
      if !event.isEnd {
        if !breaker.allows(event.call, at: now) { refused.append(event.call) }
      } else if !refused.contains(event.call) {
        breaker.learn(event.call, succeeded: calls[event.call].succeeds, at: now)
      }
    }
    return refused
  }

  @Test("refuse the same calls", arguments: 1...5 as ClosedRange<UInt64>)
  func refuseTheSame(seed: UInt64) {
    let calls = Self.calls(seed)
    let refused = Self.refusedInSimulation(calls)
    #expect(refused == Self.refusedByTechnique(calls))
    // It opens, closes again, and has both more than once.
    let turns = zip(refused, refused.dropFirst()).count { $0 + 1 != $1 }
    #expect(turns > 3 && refused.count < calls.count / 2 + 100)
  }
}
