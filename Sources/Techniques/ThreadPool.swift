/// A fixed number of threads that run submitted tasks in the order of submission.
///
/// For tasks that are independent of each other; a task must not wait for one that was submitted
/// later, for there may be no thread left to run it. Fork-join work is `WorkStealingPool`'s.
///
/// ```swift
/// let pool = try ThreadPool(threads: 4)
/// for request in requests { pool.submit { handle(request) } }
/// pool.drain()
/// ```
public final class ThreadPool: Sendable {
  private let queue: TaskQueue
  private let group: ThreadGroup

  /// The threads of the pool.
  public let threads: Int

  /// - Parameters:
  ///   - threads: at least 1.
  ///   - cpus: where given, the processors that the threads are pinned to, in turn.
  /// - Throws: `ThreadRefused` where the system gives no thread or refuses a processor.
  public init(threads: Int, cpus: [Int] = []) throws(ThreadRefused) {
    precondition(threads >= 1, "a pool has at least one thread")
    let queue = TaskQueue()
    self.threads = threads
    self.queue = queue
    group = try ThreadGroup(count: threads, cpus: cpus) { queue.work() }
  }

  /// Has `task` run by one of the threads. Returns at once. False, and nothing done, after
  /// `shutdown`.
  @discardableResult
  public func submit(_ task: @escaping @Sendable () -> Void) -> Bool { queue.append(task) }

  /// Returns when no task waits or runs. Not for use inside a task.
  public func drain() { queue.drain() }

  /// Takes no more tasks; those already submitted still run. Does not wait; `deinit` does.
  ///
  /// The pool must not be released for the last time in one of its own tasks.
  public func shutdown() { queue.close() }

  deinit {
    queue.close()
    group.join()
  }
}

/// The tasks that wait, and the threads that wait for tasks.
private final class TaskQueue: Sendable {
  private struct State {
    var tasks = Ring<@Sendable () -> Void>()
    /// Tasks that wait or run.
    var unfinished = 0
    var isClosed = false
  }

  private let state = Locked(State())
  private let arrivals = EventCount()
  private let completions = EventCount()

  func append(_ task: @escaping @Sendable () -> Void) -> Bool {
    let accepted = state.withLock { state in
      if state.isClosed { return false }
      state.tasks.append(task)
      state.unfinished += 1
      return true
    }
    if accepted { arrivals.notify(1) }
    return accepted
  }

  func work() {
    while true {
      let key = arrivals.prepare()
      let (task, isOver) = state.withLock { state in
        let task = state.tasks.popFirst()
        return (task, task == nil && state.isClosed)
      }
      if let task {
        task()
        let isLast = state.withLock { state in
          state.unfinished -= 1
          return state.unfinished == 0
        }
        if isLast { completions.notify(.max) }
      } else if isOver {
        return
      } else {
        arrivals.wait(key)
      }
    }
  }

  func drain() {
    while true {
      let key = completions.prepare()
      if state.withLock({ $0.unfinished }) == 0 { return }
      completions.wait(key)
    }
  }

  func close() {
    state.withLock { $0.isClosed = true }
    arrivals.notify(.max)
  }
}
