import Harness

/// Stretches of a long sequence of steps, of which each kernel call takes the next: a call stays
/// short, and the call before has not touched what it touches. A short sequence is repeated.
final class Turns: @unchecked Sendable {
  // SAFETY (@unchecked): only the thread that calls the kernel takes turns.

  /// Steps of one stretch.
  let length: Int
  /// Of them.
  let count: Int
  private let steps: Int
  private var turn = 0

  /// - Parameters:
  ///   - total: steps in all.
  ///   - steps: those of one call; `total` is a multiple of it, or it of `total`.
  init(_ total: Int, steps: Int) {
    self.steps = steps
    length = min(total, steps)
    count = total / length
  }

  /// Runs the next stretch and returns its result: each stretch must return the same.
  func next(_ stretch: (_ turn: Int) -> Int) -> Int {
    turn = (turn + 1) % count
    let turn = opaque(turn)
    return Passes(over: length, toReach: steps).sum { stretch(turn) }
  }
}
