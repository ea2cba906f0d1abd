import Synchronization

/// A fixed number of threads that run submitted tasks in the order of submission.
///
/// For tasks that are independent of each other; a task must not wait for one that was submitted
/// later, for there may be no thread left to run it. Fork-join work is `WorkStealingPool`'s.
///
/// ```swift
/// let pool = try ThreadPool(threads: 3)
/// for request in requests { pool.submit { handle(request) } }
/// pool.drain(helping: true)
/// ```
///
/// A thread that finds no task looks for one for some tens of microseconds and then sleeps.
/// Submitting wakes a thread only where none is looking, so that a burst of tasks costs a wake-up
/// or none; a thread that was woken and sees more tasks than its own wakes the next.
///
/// Source: the wake-up rule is that of Go's scheduler (Vyukov, *Scalable Go Scheduler Design Doc*,
/// 2012, "Parking/unparking").
public final class ThreadPool: Sendable {
  private let core: ThreadPoolCore
  private let group: ThreadGroup

  /// The threads of the pool.
  public let threads: Int

  /// - Parameters:
  ///   - threads: at least 1.
  ///   - cpus: where given, the processors that the threads are pinned to, in turn.
  /// - Throws: `ThreadRefused` where the system gives no thread or refuses a processor.
  public init(threads: Int, cpus: [Int] = []) throws(ThreadRefused) {
    precondition(threads >= 1, "a pool has at least one thread")
    let core = ThreadPoolCore(Patience(cpus: cpus))
    self.threads = threads
    self.core = core
    group = try ThreadGroup(count: threads, cpus: cpus) { core.work() }
  }

  /// Has `task` run by one of the threads. Returns at once. False, and nothing done, after
  /// `shutdown`.
  @discardableResult
  public func submit(_ task: consuming @escaping @Sendable () -> Void) -> Bool {
    // Consumed, so that the closure's reference count is not touched on the way.
    core.submit(QueuedTask(run: task))
  }

  /// Returns when no task waits or runs. Not for use inside a task.
  ///
  /// - Parameter helping: the calling thread runs tasks as well, in place of waiting. It is then one
  ///   more thread than `threads`: tasks may run at the same time even in a pool of one thread, and
  ///   a pool with a thread for each processor but the caller's uses all of them.
  public func drain(helping: Bool = false) { core.drain(helping: helping) }

  /// Takes no more tasks; those already submitted still run. Does not wait; `deinit` does.
  ///
  /// The pool must not be released for the last time in one of its own tasks.
  public func shutdown() { core.close() }

  deinit {
    core.close()
    group.join()
  }
}

/// The tasks, and the threads that wait for tasks or for their end.
private final class ThreadPoolCore: Sendable {
  private let tasks = TaskQueue()
  private let idle: IdleThreads
  private let patience: Patience
  /// Tasks that have ended. A thread adds its own when it finds the queue empty, not one by one.
  private let ended = PaddedAtomic<Int>(0)
  private let completions = EventCount()

  init(_ patience: Patience) {
    self.patience = patience
    idle = IdleThreads(patience)
  }

  func submit(_ task: consuming QueuedTask) -> Bool {
    guard tasks.append(task) else { return false }
    idle.workArrived()
    return true
  }

  /// The life of one of the pool's threads.
  func work() {
    while true {
      runWaiting()
      idle.wait { !tasks.isEmpty || tasks.isClosed }
      if tasks.isClosed && tasks.isEmpty { return }
      // One of them is this thread's.
      if tasks.count > 1 { idle.workArrived() }
    }
  }

  /// Runs tasks until none waits.
  private func runWaiting() {
    var count = 0
    while let task = tasks.popFirst() {
      task.run()
      count += 1
    }
    if count == 0 { return }
    let all = ended.value.wrappingAdd(count, ordering: .releasing).newValue
    if all == tasks.appended { completions.notify(.max) }
  }

  func drain(helping: Bool) {
    while true {
      if helping { runWaiting() }
      if isDrained { return }
      if patience.spin(until: { isDrained || helping && !tasks.isEmpty }) { continue }
      let key = completions.prepare()
      if isDrained { return }
      completions.wait(key)
    }
  }

  /// Whether there was a moment in this call at which no task waited or ran.
  private var isDrained: Bool {
    // Neither count falls, so that they were equal when the second was read.
    let ended = ended.value.load(ordering: .acquiring)
    return ended == tasks.appended
  }

  func close() {
    tasks.close()
    idle.wakeAll()
  }
}
