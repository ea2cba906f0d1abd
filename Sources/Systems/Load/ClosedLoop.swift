import Statistics

/// Closed-loop load: each of some users sends a request, waits for its answer, thinks, and sends the
/// next. Latency counts from sending. A slow server is asked less often.
public final class ClosedLoop {
  private let users: Int
  private let thinking: Durations
  private let seed: UInt64
  private let duration: UInt64
  private let least: Int
  private let most: Int

  /// - Parameters:
  ///   - thinking: nanoseconds between an answer and the user's next request.
  ///   - seconds: after which no request is begun.
  ///   - least: requests of all users together that are begun however long they take.
  ///   - most: requests of all users together after which none is begun.
  public init(
    users: Int, thinking: Durations = .constant(0), seconds: Double, least: Int = 0,
    most: Int = .max, seed: UInt64
  ) {
    self.users = users
    self.thinking = thinking
    self.seed = seed
    self.least = least
    self.most = most
    duration = UInt64(seconds * 1e9)
  }

  /// Runs for its time and waits for the last answers.
  /// - Parameter demands: nanoseconds that requests are to take, in turn; none where empty.
  /// - Throws: `LoadError`.
  public func run(
    on exchange: Exchange, demands: [UInt64] = [], grace: UInt64 = 1_000_000_000
  ) throws(LoadError) -> LoadResult {
    let users = Users(
      demands: demands, least: least, most: most, thinking: thinking,
      random: SeededGenerator(seed: seed, stream: 0x7417))
    let count = self.users
    let duration = duration
    let result = try exchange.run(
      Arrivals(recorded: [], duration: duration), by: users, grace: grace
    ) { () throws(LoadError) in
      users.end = exchange.now + duration
      for _ in 0..<count { try users.ask(on: exchange) }
    }
    guard result.answered > 0 else { throw .unanswered(result.asked) }
    return result
  }
}

private final class Users: LoadPolicy {
  var end: UInt64 = 0
  private let demands: [UInt64]
  private let least: Int
  private let most: Int
  private let thinking: Durations
  private var random: SeededGenerator

  init(
    demands: [UInt64], least: Int, most: Int, thinking: Durations, random: SeededGenerator
  ) {
    self.demands = demands
    self.least = least
    self.most = most
    self.thinking = thinking
    self.random = random
  }

  func ask(on exchange: Exchange) throws(LoadError) {
    let asked = exchange.result.asked
    guard asked < least || exchange.now < end, asked < most else { return }
    let request = exchange.ask()
    let demand = demands.isEmpty ? 0 : demands[request % demands.count]
    try exchange.send(request, demand: demand)
  }

  func arrive(_ request: Int, on exchange: Exchange) {}

  func receive(_ answer: Answer?, to attempt: Attempt, on exchange: Exchange) throws(LoadError) {
    exchange.finish(attempt.request, answer)
    let pause = thinking.draw(&random)
    if pause > 0 {
      exchange.wake(0, at: exchange.now + pause)
    } else {
      try ask(on: exchange)
    }
  }

  func wake(_ number: Int, on exchange: Exchange) throws(LoadError) { try ask(on: exchange) }
}
