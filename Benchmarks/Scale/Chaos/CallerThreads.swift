import Statistics
import Systems
import Techniques

/// A caller with so many threads. A request holds one from its first step to its last: work of its
/// own, where it has any, and then a call of another server, where it needs one.
///
/// A request that nobody waits for any more still takes its turn, as in a server that is not told.
final class CallerThreads: LoadPolicy {
  /// What a request does.
  struct Job {
    /// Nanoseconds that the server of the first group works for it; 0 for none.
    var own: UInt64 = 0
    /// The group that it calls; nil where it needs none.
    var called: Int?
  }

  /// How it calls. Times are nanoseconds.
  struct Rules {
    let threads: Int
    /// Until the user goes.
    let patience: UInt64
    /// Until a call is given up; nil for never.
    var timeout: UInt64?
    /// Whether the called server is told.
    var cancels = false
    /// Further attempts of one call at most.
    var retries = 0
    /// One for all calls, or one for each group; none where empty.
    var breakers: [CircuitBreaker] = []
  }

  /// Of each request, whether its response was in time.
  private(set) var isAnswered: [Bool]
  /// Calls that were sent, and requests that a breaker refused.
  private(set) var (calls, refused) = (0, 0)
  private let jobs: [Job]
  private var rules: Rules
  private let demand: (_ elapsed: UInt64) -> UInt64
  private let begin: UInt64
  private var start: UInt64?
  private var free: Int
  private var (waiting, first): ([Int], Int) = ([], 0)
  /// Of each request: the attempt that it waits for, 0 for none; attempts so far, and those that
  /// have no response yet.
  private var current, attempts, underWay: [Int]
  private var left: Int

  /// - Parameters:
  ///   - arrivals: one for each job.
  ///   - demand: nanoseconds of the next call, so long after the load's beginning.
  init(_ jobs: [Job], _ arrivals: Arrivals, _ rules: Rules, demand: @escaping (UInt64) -> UInt64) {
    (self.jobs, self.rules, self.demand) = (jobs, rules, demand)
    begin = arrivals.times.first ?? 0
    (free, left) = (rules.threads, jobs.count)
    isAnswered = [Bool](repeating: false, count: jobs.count)
    current = [Int](repeating: 0, count: jobs.count)
    (attempts, underWay) = (current, current)
  }

  func arrive(_ request: Int, on exchange: Exchange) throws(LoadError) {
    start = start ?? exchange.due[request] - begin
    exchange.wake(request << 4, at: exchange.due[request] + rules.patience)
    waiting.append(request)
    try work(on: exchange)
  }

  func receive(
    _ answer: Answer?, to attempt: Attempt, on exchange: Exchange
  ) throws(LoadError) {
    let request = attempt.request
    if attempt.tag == 0 {
      try jobs[request].called == nil
        ? end(request, answer, on: exchange) : call(request, on: exchange)
    } else {
      underWay[request] -= 1
      // The response to an attempt that was given up comes too late.
      guard attempt.tag == current[request] else { return }
      try settle(request, answer, on: exchange)
    }
    try work(on: exchange)
  }

  /// The time of a user is over, or that of an attempt, which has a number above 0.
  func wake(_ number: Int, on exchange: Exchange) throws(LoadError) {
    let (request, attempt) = (number >> 4, number & 15)
    if attempt == 0 { return leave(request, nil, on: exchange) }
    guard attempt == current[request] else { return }
    if rules.cancels { exchange.cancel(request) }
    try settle(request, nil, on: exchange)
    try work(on: exchange)
  }

  /// Gives free threads to requests that wait.
  private func work(on exchange: Exchange) throws(LoadError) {
    while left > 0, free > 0, first < waiting.count {
      let request = waiting[first]
      first += 1
      free -= 1
      guard jobs[request].own > 0 else {
        try call(request, on: exchange)
        continue
      }
      try exchange.send(request, demand: jobs[request].own)
    }
  }

  private func call(_ request: Int, on exchange: Exchange) throws(LoadError) {
    let group = jobs[request].called ?? 0
    if !rules.breakers.isEmpty,
      !rules.breakers[group % rules.breakers.count].allows(request, at: exchange.now)
    {
      refused += 1
      return end(request, nil, on: exchange)
    }
    attempts[request] += 1
    underWay[request] += 1
    calls += 1
    current[request] = attempts[request]
    let elapsed = exchange.now - (start ?? exchange.now)
    try exchange.send(request, demand: demand(elapsed), to: group, tag: current[request])
    guard let timeout = rules.timeout else { return }
    exchange.wake(request << 4 | current[request], at: exchange.now + timeout)
  }

  /// What becomes of an attempt: a response, or nil after its time.
  private func settle(_ request: Int, _ answer: Answer?, on exchange: Exchange) throws(LoadError) {
    current[request] = 0
    let isGood = answer?.status == .succeeded
    if !rules.breakers.isEmpty {
      let breaker = (jobs[request].called ?? 0) % rules.breakers.count
      rules.breakers[breaker].learn(request, succeeded: isGood, at: exchange.now)
    }
    guard !isGood, attempts[request] <= rules.retries else {
      return end(request, answer, on: exchange)
    }
    try call(request, on: exchange)
  }

  private func end(_ request: Int, _ answer: Answer?, on exchange: Exchange) {
    free += 1
    leave(request, answer, on: exchange)
  }

  private func leave(_ request: Int, _ answer: Answer?, on exchange: Exchange) {
    guard !exchange.isFinished(request) else { return }
    isAnswered[request] = answer?.status == .succeeded
    exchange.finish(request, answer)
    left -= 1
    guard left == 0 else { return }
    // The next load finds the servers idle.
    for other in underWay.indices where underWay[other] > 0 { exchange.cancel(other) }
  }
}
