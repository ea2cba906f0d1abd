import Glibc
import Harness

/// Two sides that take turns; the answering side ends on request.
protocol Conversation: AnyObject, Sendable {
  /// Asks and waits for the answer, so many times.
  func ask(_ rounds: Int)
  /// Answers so many times, or until `sayStop`.
  func answer(_ rounds: Int)
  func sayStop()
}

/// A caller and the thread that answers: a member of a team, or one on the same processor.
final class Dialogue<Talk: Conversation> {
  enum Partner {
    /// A thread of its own that inherits the caller's affinity, so that each turn is a switch.
    case sameProcessor
    case team(Team)
  }

  private let talk: Talk
  private let partner: Partner
  private let rounds: Int
  private var thread: pthread_t?

  init(_ talk: Talk, partner: Partner, rounds: Int) throws {
    (self.talk, self.partner, self.rounds) = (talk, partner, rounds)
    guard case .sameProcessor = partner else { return }
    var created = pthread_t()
    let argument = Unmanaged.passRetained(Answerer { talk.answer(.max) })
    let error = pthread_create(
      &created, nil,
      { argument in
        Unmanaged<Answerer>.fromOpaque(argument!).takeRetainedValue().run()
        return nil
      }, argument.toOpaque())
    guard error == 0 else {
      argument.release()
      throw ProbeUnavailable("the thread could not be created (errno \(error))")
    }
    thread = created
  }

  deinit {
    guard let thread else { return }
    talk.sayStop()
    pthread_join(thread, nil)
  }

  func play() -> Int {
    let (talk, rounds) = (talk, rounds)
    switch partner {
    case .sameProcessor: talk.ask(rounds)
    case .team(let team):
      team.run { member in member == 0 ? talk.ask(rounds) : talk.answer(rounds) }
    }
    return rounds
  }
}

private final class Answerer {
  let run: () -> Void
  init(run: @escaping () -> Void) { self.run = run }
}
