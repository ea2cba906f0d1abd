import Glibc
import Harness

/// Stretches of a long way, of which each kernel call goes the next: a call stays short, and what
/// it touches has not been touched by the call before. A short way is gone again and again.
final class Turns: @unchecked Sendable {
  // SAFETY (@unchecked): only the thread that calls the kernel takes turns.

  /// Steps of one stretch.
  let length: Int
  /// Of them.
  let count: Int
  private let steps: Int
  private var turn = 0

  /// - Parameters:
  ///   - way: steps in all.
  ///   - steps: those of one call; `way` is a multiple of it, or it of `way`.
  init(_ way: Int, steps: Int) {
    self.steps = steps
    length = min(way, steps)
    count = way / length
  }

  /// Share of a sample's visits that come to their line for the first time since it was warmed up.
  /// - Parameters:
  ///   - perLine: elements that lie on a line, visited at random.
  ///   - rounds: how often, or for what part, the sample goes all the way.
  ///   - earlier: the same of the calls that warm it up.
  static func firstVisits(perLine: Double, rounds: Double, after earlier: Double) -> Double {
    // A line of n is not yet visited when a share p of all has been with probability (1 − p)ⁿ.
    func visited(_ rounds: Double) -> Double { 1 - pow(1 - min(1, rounds), perLine) }
    return (visited(earlier + rounds) - visited(earlier)) / (perLine * rounds)
  }

  /// Goes the next stretch, and gives what it gave: each stretch must give the same.
  func next(_ stretch: (_ turn: Int) -> Int) -> Int {
    turn = (turn + 1) % count
    let turn = opaque(turn)
    return Passes(over: length, toReach: steps).sum { stretch(turn) }
  }
}
