import Systems

/// Threads that run jobs in the order of their arrival. They sleep while there are none.
///
/// One thread at most is being woken at a time, and wakes the next where it finds more than one job:
/// short jobs are then run by few threads, without a wake-up for each, and others come as soon as a
/// job blocks.
///
/// Source: the wake-up rule of Go's scheduler (Vyukov, *Scalable Go Scheduler Design Doc*, 2012).
final class Workers: Sendable {
  private struct State {
    var jobs: [@Sendable () -> Void] = []
    var first = 0
    var busy = 0
    var idle = 0
    var isWaking = false
    var threads = 0
    var isClosed = false

    var waiting: Int { jobs.count - first }

    /// The next job; nil where there is none.
    mutating func take() -> (@Sendable () -> Void)? {
      guard waiting > 0 else { return nil }
      let job = jobs[first]
      first += 1
      if first == jobs.count {
        jobs.removeAll(keepingCapacity: true)
        first = 0
      }
      return job
    }

    /// Whether a thread is to be woken now.
    mutating func wantsOneMore() -> Bool {
      guard waiting > 0, idle > 0, !isWaking else { return false }
      isWaking = true
      return true
    }
  }

  private let state = Monitor(State())
  private let limit: Int

  /// - Parameters:
  ///   - limit: jobs that wait at most.
  /// - Throws: `SystemError` where there are no threads; those that were made end.
  init(threads: Int, limit: Int) throws {
    self.limit = limit
    let state = state
    do {
      for _ in 0..<threads {
        state.with { $0.threads += 1 }
        do { try ServerThread(on: nil) { Self.work(state) } } catch {
          state.with { $0.threads -= 1 }
          throw error
        }
      }
    } catch {
      close()
      throw error
    }
  }

  var busy: Int { state.with(\.busy) }
  var waiting: Int { state.with(\.waiting) }

  /// - Returns: whether the job will be run: not where too many wait.
  func submit(_ job: @escaping @Sendable () -> Void) -> Bool {
    let (isTaken, wakes) = state.with { state in
      guard !state.isClosed, state.waiting < limit else { return (false, false) }
      state.jobs.append(job)
      return (true, state.wantsOneMore())
    }
    if wakes { state.wakeOne() }
    return isTaken
  }

  /// Ends the threads when all jobs have been run, and waits for that.
  func close() {
    state.change { $0.isClosed = true }
    _ = state.wait { $0.threads == 0 ? true : nil }
  }

  private static func work(_ state: Monitor<State>) {
    ServerThread.sleepExactly()
    var (isBusy, isIdle) = (false, false)
    while true {
      var wakes = false
      let job: (@Sendable () -> Void)?? = state.wait { state in
        if isBusy { state.busy -= 1 }
        if isIdle { (state.idle, state.isWaking) = (state.idle - 1, false) }
        (isBusy, isIdle) = (false, false)
        if let job = state.take() {
          (isBusy, wakes) = (true, state.wantsOneMore())
          state.busy += 1
          return .some(job)
        }
        if state.isClosed { return .some(nil) }
        isIdle = true
        state.idle += 1
        return nil
      }
      if wakes { state.wakeOne() }
      guard let job = job ?? nil else { break }
      job()
    }
    state.change { $0.threads -= 1 }
  }
}
