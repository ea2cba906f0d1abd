import CPerflab
import Glibc
import Platform

/// Threads that spend their time in system calls: between two rounds of work they sleep, and they
/// never spin, so that their processor time is that of their work.
public final class BlockingThreads: @unchecked Sendable {
  // SAFETY (@unchecked): all that changes is used under the mutex.

  /// How many there are.
  public let count: Int
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  /// A round begins; a round is over.
  private let conditions: UnsafeMutablePointer<pthread_cond_t>
  private var threads: [pthread_t] = []
  private var round = 0
  private var running = 0
  private var isOver = false
  private var body: @Sendable (_ thread: Int) -> Void = { _ in }

  /// - Parameter cpus: the processors that the threads stay on, in turn; empty for the caller's.
  /// - Throws: where the system gives no thread.
  public init(_ count: Int, on cpus: [Int]) throws(SystemError) {
    self.count = count
    mutex = .allocate(capacity: 1)
    conditions = .allocate(capacity: 2)
    pthread_mutex_init(mutex, nil)
    for index in 0..<2 { pthread_cond_init(conditions + index, nil) }
    for index in 0..<count {
      let start = Start(self, index, cpus.isEmpty ? nil : cpus[index % cpus.count])
      let argument = Unmanaged.passRetained(start)
      var thread = pthread_t()
      let error = pthread_create(
        &thread, nil,
        { argument in
          Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue().run()
          return nil
        }, argument.toOpaque())
      guard error == 0 else {
        argument.release()
        throw SystemError(call: "pthread_create", errno: error)
      }
      threads.append(thread)
    }
  }

  deinit {
    pthread_mutex_lock(mutex)
    isOver = true
    pthread_cond_broadcast(conditions)
    pthread_mutex_unlock(mutex)
    for thread in threads { pthread_join(thread, nil) }
    for index in 0..<2 { pthread_cond_destroy(conditions + index) }
    pthread_mutex_destroy(mutex)
    conditions.deallocate()
    mutex.deallocate()
  }

  /// Begins a round: each thread calls `body` once with its number. The last round must be over.
  public func start(_ body: @escaping @Sendable (_ thread: Int) -> Void) {
    pthread_mutex_lock(mutex)
    self.body = body
    round += 1
    running = count
    pthread_cond_broadcast(conditions)
    pthread_mutex_unlock(mutex)
  }

  /// Sleeps until the round is over.
  public func wait() {
    pthread_mutex_lock(mutex)
    while running > 0 { pthread_cond_wait(conditions + 1, mutex) }
    pthread_mutex_unlock(mutex)
  }

  /// A whole round.
  public func run(_ body: @escaping @Sendable (_ thread: Int) -> Void) {
    start(body)
    wait()
  }

  fileprivate func work(_ index: Int) {
    var done = 0
    pthread_mutex_lock(mutex)
    while !isOver {
      guard round > done else {
        pthread_cond_wait(conditions, mutex)
        continue
      }
      done = round
      let body = body
      pthread_mutex_unlock(mutex)
      body(index)
      pthread_mutex_lock(mutex)
      running -= 1
      if running == 0 { pthread_cond_signal(conditions + 1) }
    }
    pthread_mutex_unlock(mutex)
  }
}

/// Does not keep the threads' owner alive, whose end is what ends them.
private final class Start {
  private unowned(unsafe) let owner: BlockingThreads
  private let index: Int
  private let cpu: Int?

  init(_ owner: BlockingThreads, _ index: Int, _ cpu: Int?) {
    (self.owner, self.index, self.cpu) = (owner, index, cpu)
  }

  func run() {
    // A processor that is refused costs precision and nothing else: the caller's is inherited.
    if let cpu { _ = perflab_pin(Int32(clamping: cpu)) }
    perflab_sleep_exactly()
    owner.work(index)
  }
}
