/// Jobs that some places serve in the order of their arrival.
///
/// Its time is that of the jobs: a place that becomes free starts the next job at the time at which
/// the last one was to end, not at the time at which somebody looked. So late timers delay answers,
/// and do not add up.
struct ServiceQueue {
  /// Jobs that are served at once.
  var places: Int
  /// Jobs that wait at most.
  var limit: Int
  /// When nothing is served.
  var stall: Stall?

  private var serving: [Served] = []
  private var waiting: [Job] = []
  private var head = 0

  struct Job {
    let number: Int
    let demand: UInt64
  }

  private struct Served {
    let number: Int
    let end: UInt64
  }

  init(places: Int, limit: Int, stall: Stall? = nil) {
    (self.places, self.limit, self.stall) = (places, limit, stall)
  }

  /// Jobs that are not served yet.
  var waitingCount: Int { waiting.count - head }

  /// When the next one ends; nil where none is served.
  var next: UInt64? { serving.first?.end }

  /// Returns false where the job finds the queue full.
  mutating func arrive(_ number: Int, demand: UInt64, at now: UInt64) -> Bool {
    let job = Job(number: number, demand: demand)
    if serving.count < places && waitingCount == 0 {
      start(job, at: now)
    } else {
      guard waitingCount < limit else { return false }
      waiting.append(job)
    }
    return true
  }

  /// The job that ended first, not after `now`; nil where there is none.
  mutating func finish(upTo now: UInt64) -> Int? {
    guard let first = serving.first, first.end <= now else { return nil }
    serving.removeFirst()
    startNext(at: first.end)
    return first.number
  }

  /// Forgets a job. Returns whether it was there.
  mutating func cancel(_ number: Int, at now: UInt64) -> Bool {
    if let place = serving.firstIndex(where: { $0.number == number }) {
      serving.remove(at: place)
      startNext(at: now)
      return true
    }
    guard let place = waiting[head...].firstIndex(where: { $0.number == number }) else {
      return false
    }
    waiting.remove(at: place)
    return true
  }

  /// Starts jobs that wait while places are free: after one has ended, and after there are more.
  mutating func startNext(at time: UInt64) {
    while head < waiting.count, serving.count < places {
      start(waiting[head], at: time)
      head += 1
      if head > 1_024 {
        waiting.removeFirst(head)
        head = 0
      }
    }
  }

  private mutating func start(_ job: Job, at time: UInt64) {
    let end = stall?.end(of: job.demand, from: time) ?? time + job.demand
    // Ascending by end; among equal ones in the order of their starts.
    var (low, high) = (0, serving.count)
    while low < high {
      let middle = (low + high) / 2
      if serving[middle].end <= end { low = middle + 1 } else { high = middle }
    }
    serving.insert(Served(number: job.number, end: end), at: low)
  }
}

/// Regular times in which a server does nothing: a garbage collection, a checkpoint.
public struct Stall: Sendable, Equatable {
  /// Nanoseconds from the beginning of one to the beginning of the next.
  public let period: UInt64
  /// Nanoseconds of each.
  public let length: UInt64

  /// - Parameter length: nanoseconds, less than the period.
  public init(period: UInt64, length: UInt64) {
    precondition(length < period, "a stall is shorter than its period")
    (self.period, self.length) = (period, length)
  }

  /// When work of so many nanoseconds ends that is begun at `time`. Periods begin at multiples of
  /// their length, each with its stall.
  func end(of work: UInt64, from time: UInt64) -> UInt64 {
    let useful = period - length
    let begin = time - time % period
    // Of this period's useful time, this much is over.
    let done = time % period > length ? time % period - length : 0
    let all = done + work
    let whole = all / useful
    let rest = all % useful
    // Work that would end with a period does not wait for the end of the next stall.
    if rest == 0 && whole > 0 && work > 0 { return begin + whole * period }
    return begin + whole * period + length + rest
  }
}
