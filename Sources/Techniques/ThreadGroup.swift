import CPerflab
import Glibc
import Synchronization

/// The system gave no thread, or refused a processor to it.
public struct ThreadRefused: Error, Hashable, Sendable {
  /// The processor that was asked for; nil where the thread itself was refused.
  public let cpu: Int?
  /// The reason that the system gave.
  public let errno: Int32

  /// The refusal of `cpu`, or of a thread, with the system's reason.
  public init(cpu: Int?, errno: Int32) {
    self.cpu = cpu
    self.errno = errno
  }
}

/// Some threads that run the same function and are joined together.
final class ThreadGroup: Sendable {
  private let threads: [pthread_t]

  /// Starts `count` threads, pinned in turn to `cpus` where there are any, and returns when all
  /// run. Where one is refused, `body` must return early in the others, or they are waited for
  /// in vain: it is not called at all before all threads are there.
  init(
    count: Int, cpus: [Int] = [], body: @escaping @Sendable () -> Void
  ) throws(ThreadRefused) {
    var threads: [pthread_t] = []
    var refusal: ThreadRefused?
    let gate = Gate()
    for index in 0..<count {
      let start = Start(cpu: cpus.isEmpty ? nil : cpus[index % cpus.count], gate: gate, body: body)
      let context = Unmanaged.passRetained(start)
      var thread = pthread_t()
      let error = pthread_create(&thread, nil, begin, context.toOpaque())
      guard error == 0 else {
        context.release()
        refusal = ThreadRefused(cpu: nil, errno: error)
        break
      }
      threads.append(thread)
    }
    refusal = gate.open(for: threads.count, refusal)
    self.threads = threads
    if let refusal {
      join()
      throw refusal
    }
  }

  /// Waits for the end of all threads.
  func join() { for thread in threads { pthread_join(thread, nil) } }
}

/// Holds the threads back until all are there and pinned; then lets them work, or go home.
private final class Gate: Sendable {
  // These only count and say yes or no; a thread's results are behind the lock.
  private let arrived = Atomic<Int>(0)
  private let refused = Locked<ThreadRefused?>(nil)
  private let verdict = Atomic<UInt32>(0)
  private let events = EventCount()

  /// Waits for `count` threads and says to them whether all went well.
  func open(for count: Int, _ refusal: ThreadRefused?) -> ThreadRefused? {
    while true {
      let key = events.prepare()
      if arrived.load(ordering: .relaxed) == count { break }
      events.wait(key)
    }
    let refusal = refusal ?? refused.withLock { $0 }
    verdict.store(refusal == nil ? 1 : 2, ordering: .relaxed)
    events.notify(.max)
    return refusal
  }

  /// Returns whether the thread is to work.
  func pass(_ refusal: ThreadRefused?) -> Bool {
    if let refusal { refused.withLock { $0 = refusal } }
    arrived.add(1, ordering: .relaxed)
    events.notify(.max)
    while true {
      let key = events.prepare()
      let verdict = verdict.load(ordering: .relaxed)
      if verdict != 0 { return verdict == 1 }
      events.wait(key)
    }
  }
}

private final class Start: Sendable {
  let cpu: Int?
  let gate: Gate
  let body: @Sendable () -> Void

  init(cpu: Int?, gate: Gate, body: @escaping @Sendable () -> Void) {
    self.cpu = cpu
    self.gate = gate
    self.body = body
  }

  func run() {
    var refusal: ThreadRefused?
    if let cpu {
      let error = perflab_pin(Int32(clamping: cpu))
      if error != 0 { refusal = ThreadRefused(cpu: cpu, errno: error) }
    }
    if gate.pass(refusal) { body() }
  }
}

private func begin(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  // SAFETY: the context is the `Start` that was retained for this thread.
  Unmanaged<Start>.fromOpaque(context!).takeRetainedValue().run()
  return nil
}
