import Glibc
import Harness
import Platform

/// Two threads that speak after a pause in which both have slept. The second question is timed: the
/// first one wakes the processors, whose caches have forgotten what it takes.
final class RestedDialogue: @unchecked Sendable {
  // SAFETY (@unchecked): only the asking thread writes, and it has ended when others read.

  /// Of a round trip, on average over the last call.
  private(set) var nanoseconds = 0.0
  private let channel: Channel
  private let team: Team
  private let rounds: Int

  init(_ channel: Channel, _ team: Team, rounds: Int) {
    (self.channel, self.team, self.rounds) = (channel, team, rounds)
  }

  func play() -> Int {
    team.run { member in member == 0 ? self.ask() : self.channel.answer(2 * self.rounds) }
    return rounds
  }

  private func ask() {
    var all: UInt64 = 0
    for _ in 0..<rounds {
      usleep(5_000)
      channel.ask(1)
      let start = Clock.now()
      channel.ask(1)
      all += Clock.now() - start
    }
    nanoseconds = Double(all) / Double(rounds)
  }
}
