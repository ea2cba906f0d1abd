import CPerflab
import Platform

extension Exchange {
  /// Nanoseconds before a time at which the generator stops sleeping and spins: what it takes to wake
  /// a thread. A thread that always spins would have to share its processor by time slices.
  static let margin: UInt64 = 60_000

  /// Has a policy serve a schedule, and whatever it asks for itself, until all is finished.
  /// - Parameters:
  ///   - grace: nanoseconds after the schedule's end; what is not finished then has failed.
  ///   - warmUp: nanoseconds at the schedule's beginning whose requests have no latency.
  func run(
    _ arrivals: Arrivals, by policy: any LoadPolicy, grace: UInt64, warmUp: UInt64 = 0,
    first: () throws(LoadError) -> Void = {}
  ) throws(LoadError) -> LoadResult {
    try renew()
    perflab_sleep_exactly()
    let count = arrivals.times.count
    begin(arrivals)
    let start = now
    recordedFrom = start + warmUp
    let last = start + arrivals.duration + grace
    try first()
    var next = 0
    // Users who think have no request that is open.
    while (open > 0 || (count == 0 && timers.next != nil)) && now <= last {
      now = Clock.now()
      // Answers are looked at in between, so that a burst of requests does not age them.
      var burst = 0
      while next < count, due[next] <= now, burst < 8 {
        result.lateness.append(Int(now - due[next]))
        try policy.arrive(next, on: self)
        next += 1
        burst += 1
        now = Clock.now()
      }
      while let number = timers.pop(upTo: now) { try policy.wake(number, on: self) }
      let until = min(next < count ? due[next] : last, timers.next ?? last)
      let sleep = until > now + Self.margin ? until - now - Self.margin : 0
      try poll(for: sleep, policy: policy)
    }
    for request in finished.indices where !finished[request] { finish(request, nil) }
    result.duration = Clock.now() - start
    try drain(until: last)
    return result
  }

  private func begin(_ arrivals: Arrivals) {
    let count = arrivals.times.count
    result = LoadResult()
    result.asked = count
    result.latencies.reserveCapacity(count)
    result.lateness.reserveCapacity(count)
    finished = [Bool](repeating: false, count: count)
    open = count
    // A schedule starts when all of this is done.
    now = Clock.now() + (count > 0 ? 60_000 : 0)
    due = arrivals.times.map { now + $0 }
  }

  /// Attempts that lost a race or were given up are answered too, so that the next load finds the
  /// servers idle.
  private func drain(until last: UInt64) throws(LoadError) {
    while outstanding.contains(where: { $0 > 0 }) && Clock.now() < last {
      try poll(for: 1_000_000, policy: nil)
    }
  }
}
