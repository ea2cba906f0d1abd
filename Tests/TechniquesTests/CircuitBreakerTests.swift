import Techniques
import Testing

@Suite("A circuit breaker")
struct CircuitBreakerTests {
  /// After four calls of which so many succeeded, at 0; it rests until 100.
  private func breaker(after successes: Int) -> CircuitBreaker {
    var breaker = CircuitBreaker(opensAbove: 0.5, of: 4, for: 100)
    for call in 0..<4 { breaker.learn(call, succeeded: call < successes, at: 0) }
    return breaker
  }

  @Test("opens above its share of failures, and not at it", arguments: [(1, false), (2, true)])
  func opensAboveTheShare(successes: Int, isClosed: Bool) {
    var breaker = breaker(after: successes)
    let allowed = [1, 99].map { breaker.allows(4, at: $0) }
    #expect(allowed == [isClosed, isClosed])
  }

  @Test("judges each window by itself")
  func windowsAreApart() {
    var breaker = breaker(after: 2)
    for call in 4..<8 { breaker.learn(call, succeeded: call > 5, at: 0) }
    let isAllowed = breaker.allows(8, at: 0)
    #expect(isAllowed)
  }

  @Test("lets one call try after its rest, which closes it or lets it rest again")
  func oneTries() {
    var breaker = breaker(after: 0)
    var allowed = [breaker.allows(4, at: 100), breaker.allows(5, at: 150)]
    breaker.learn(4, succeeded: false, at: 160)
    allowed += [breaker.allows(6, at: 259), breaker.allows(7, at: 260)]
    breaker.learn(7, succeeded: true, at: 270)
    allowed += [breaker.allows(8, at: 270), breaker.allows(9, at: 270)]
    #expect(allowed == [true, false, false, true, true, true])
  }

  @Test("does not count what was under way when it opened")
  func lateEndsChangeNothing() {
    var breaker = breaker(after: 0)
    for call in 10..<20 { breaker.learn(call, succeeded: true, at: 50) }
    var allowed = [breaker.allows(20, at: 99), breaker.allows(21, at: 100)]
    breaker.learn(10, succeeded: true, at: 101)
    allowed.append(breaker.allows(22, at: 102))
    #expect(allowed == [false, true, false])
  }
}
