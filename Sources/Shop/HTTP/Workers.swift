import Systems

/// Threads that run jobs in the order of their arrival. They sleep while there are none.
final class Workers: Sendable {
  private struct State {
    var jobs: [@Sendable () -> Void] = []
    var first = 0
    var busy = 0
    var threads = 0
    var isClosed = false

    var waiting: Int { jobs.count - first }
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
    state.change(wakesAll: false) { state in
      guard !state.isClosed, state.waiting < limit else { return false }
      state.jobs.append(job)
      return true
    }
  }

  /// Ends the threads when all jobs have been run, and waits for that.
  func close() {
    state.change { $0.isClosed = true }
    _ = state.wait { $0.threads == 0 ? true : nil }
  }

  private static func work(_ state: Monitor<State>) {
    while let job = state.wait(until: { take(&$0) }) ?? nil {
      job()
      state.with { $0.busy -= 1 }
    }
    state.change { $0.threads -= 1 }
  }

  /// The next job; `.some(nil)` where there will be no more; nil to wait.
  private static func take(_ state: inout State) -> (@Sendable () -> Void)?? {
    guard state.first < state.jobs.count else { return state.isClosed ? .some(nil) : nil }
    let job = state.jobs[state.first]
    state.first += 1
    if state.first == state.jobs.count {
      state.jobs.removeAll(keepingCapacity: true)
      state.first = 0
    }
    state.busy += 1
    return job
  }
}
