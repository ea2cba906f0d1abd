import CPerflab
import Glibc

/// Threads that share the work of a fork-join computation by stealing from each other.
///
/// A fork costs a few instructions and no allocation: the second branch is noted in a record on the
/// stack, the first one runs, and unless an idle worker has asked for work in the meantime, the
/// second one runs after it as a plain call. Only when a worker is idle, the oldest noted branch,
/// usually the largest, is handed over. So the overhead of parallelism is paid per steal, not per
/// fork, and no cut-off size is needed.
///
/// ```swift
/// func sum(_ node: Node, _ worker: borrowing WorkStealingPool.Worker) -> Int {
///   guard let left = node.left, let right = node.right else { return node.value }
///   let (a, b) = worker.join({ sum(left, $0) }, { sum(right, $0) })
///   return node.value + a + b
/// }
/// let pool = try WorkStealingPool(workers: 4)
/// let total = pool.run { sum(root, $0) }
/// ```
///
/// The pool may have more workers than there are processors, be used by several threads at once and
/// from inside its own branches. An idle worker looks for work for some tens of microseconds and
/// then sleeps.
///
/// Source: heartbeat scheduling (Acar et al., *Heartbeat Scheduling: Provable Efficiency for Nested
/// Parallelism*, PLDI 2018) as made practical by the Zig library Spice; but a branch is handed over
/// when an idle worker asks (Acar, Charguéraud and Rainey, *Scheduling Parallel Programs by Work
/// Stealing with Private Deques*, PPoPP 2013), so there is no thread that beats.
public final class WorkStealingPool: Sendable {
  private let core: WorkStealingCore
  private let threads: ThreadGroup

  /// The workers that share a computation: the thread that calls `run`, and the pool's own.
  public let workers: Int

  /// Starts `workers - 1` threads; the thread that calls `run` is the first worker.
  ///
  /// - Parameters:
  ///   - workers: at least 1. With 1, everything runs on the caller.
  ///   - cpus: where given, the processors that the pool's own threads are pinned to, in turn.
  ///     Without it they may run where the calling thread may.
  /// - Throws: `ThreadRefused` where the system gives no thread or refuses a processor.
  public init(workers: Int, cpus: [Int] = []) throws(ThreadRefused) {
    precondition(workers >= 1, "a pool has at least one worker")
    let core = WorkStealingCore(helpers: workers - 1)
    self.workers = workers
    self.core = core
    do {
      threads = try ThreadGroup(count: workers - 1, cpus: cpus) { core.help() }
    } catch {
      core.stop()
      throw error
    }
  }

  /// Runs `body` on the calling thread, with the pool's workers to take over branches that it forks.
  ///
  /// Returns when `body` and all branches are done. Blocks the calling thread: not for use on
  /// the threads of Swift's concurrency runtime where these may not block.
  /// - Throws: what `body` throws.
  @inlinable
  public func run<Answer, Failure: Error>(
    _ body: (borrowing Worker) throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    let state = enter()
    defer { leave(state) }
    return try body(Worker(state: state, tail: state.pointee.boundary))
  }

  /// Lends the calling thread to the pool: it takes over branches until `isOver`, which it asks
  /// between them. It spins while there are none, and so is for a thread that has a processor.
  public func help(until isOver: () -> Bool) { core.help(until: isOver) }

  /// Ends the pool's threads, each as soon as it has finished the branch that it is at.
  ///
  /// Allowed while `run` is under way, which then goes on by itself, and more than once. Does not
  /// wait; `deinit` does.
  public func shutdown() { core.stop() }

  @usableFromInline
  func enter() -> UnsafeMutablePointer<WorkerState> { core.claim() }

  @usableFromInline
  func leave(_ state: UnsafeMutablePointer<WorkerState>) { core.release(state) }

  deinit {
    core.stop()
    threads.join()
  }
}
