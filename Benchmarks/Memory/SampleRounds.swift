import Glibc
import Harness

/// For models of random visits: how often a sample visits all the elements, and how often the calls
/// that warm it up did before it.
struct SampleRounds {
  /// Visits of a sample over the number of elements.
  let count: Double
  /// The same of its warm-up.
  let earlier: Double

  /// Rounds whose numbers are known.
  init(_ count: Double, after earlier: Double) { (self.count, self.earlier) = (count, earlier) }

  /// Rounds of as many calls as the harness makes.
  /// - Parameters:
  ///   - visits: of a call.
  ///   - elements: that the calls visit in turn.
  ///   - fastest, slowest: nanoseconds of a visit in the fastest and the slowest variant.
  init(visits: Int, of elements: Double, fastest: Double, slowest: Double) {
    let calls = SampleLength.calls(
      fastest: Double(visits) * fastest, slowest: Double(visits) * slowest)
    let warmUp = SampleLength.warmUpCalls(of: calls, each: Double(visits) * slowest)
    self.init(
      Double(calls * visits) / elements, after: Double(warmUp * visits) / elements)
  }

  /// Share of the visits that are the first to their cache line since the warm-up began.
  /// - Parameter perLine: elements that lie on a line.
  func firstVisits(perLine: Double) -> Double {
    // A line of n is not yet visited when a share p of all has been with probability (1 − p)ⁿ.
    func visited(_ rounds: Double) -> Double { 1 - pow(1 - min(1, rounds), perLine) }
    return (visited(earlier + count) - visited(earlier)) / (perLine * count)
  }
}
