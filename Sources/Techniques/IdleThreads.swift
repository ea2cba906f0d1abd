import Glibc
import Synchronization

/// The threads of a pool that have no work: those that look for it, and those that sleep.
///
/// Who brings work makes it visible and then calls `workArrived`, which wakes a thread only where
/// none looks for work. A thread that stops looking looks once more after it has said so: either it
/// sees the work, or who brought it sees that no one looks. A thread that leaves `wait` and sees
/// work for others must call `workArrived` itself, since nobody was woken while it was looking.
struct IdleThreads: ~Copyable, Sendable {
  /// The threads that look for work, and in the upper half those that sleep: one word, so that a
  /// waker turns one of these into one of those in a single step, and a second one wakes no more.
  private let counts = PaddedAtomic<Int>(0)
  private static let searcher = 1
  private static let sleeper = 1 << 32

  /// Sleepers that have been counted as searching and have not noticed it yet.
  private let permits = Atomic<Int>(0)
  private let wakeUps = EventCount()
  private let patience: Patience

  init(_ patience: Patience) { self.patience = patience }

  /// Wakes a thread where that is needed. The work must be visible: written with
  /// `sequentiallyConsistent`, and looked for in the same way.
  @inline(__always)
  func workArrived() {
    let counts = counts.value.load(ordering: .sequentiallyConsistent)
    if Self.sleepers(counts) > 0 && Self.searchers(counts) == 0 { wake(counts) }
  }

  /// Wakes all threads: there is something for each of them to notice.
  func wakeAll() {
    var seen = counts.value.load(ordering: .sequentiallyConsistent)
    while !promote(Self.sleepers(seen), &seen) {}
  }

  @inline(never)
  private func wake(_ counts: Int) {
    var seen = counts
    while Self.sleepers(seen) > 0 && Self.searchers(seen) == 0 { if promote(1, &seen) { return } }
  }

  /// Counts `sleepers` of the sleepers as searching and wakes them, if `seen` is still true.
  private func promote(_ sleepers: Int, _ seen: inout Int) -> Bool {
    if sleepers == 0 { return true }
    let (done, now) = counts.value.compareExchange(
      expected: seen, desired: seen + sleepers * (Self.searcher - Self.sleeper),
      ordering: .sequentiallyConsistent)
    seen = now
    if !done { return false }
    // The event count orders it.
    permits.wrappingAdd(sleepers, ordering: .relaxed)
    wakeUps.notify(Int32(sleepers))
    return true
  }

  /// Returns when `isThere`: looks for it for a while, then sleeps until woken, and so on.
  func wait(until isThere: () -> Bool) {
    var isCounted = false
    while true {
      if !isCounted { counts.value.wrappingAdd(Self.searcher, ordering: .sequentiallyConsistent) }
      let found = patience.spin(until: isThere) {
        // A thread that has no processor does not look.
        counts.value.wrappingSubtract(Self.searcher, ordering: .sequentiallyConsistent)
        if !isThere() { sched_yield() }
        counts.value.wrappingAdd(Self.searcher, ordering: .sequentiallyConsistent)
      }
      counts.value.wrappingSubtract(Self.searcher, ordering: .sequentiallyConsistent)
      if found || isThere() { return }
      isCounted = sleep(unless: isThere)
    }
  }

  /// Sleeps until woken, unless `isThere`. Returns whether a waker has counted this thread as
  /// searching.
  private func sleep(unless isThere: () -> Bool) -> Bool {
    counts.value.wrappingAdd(Self.sleeper, ordering: .sequentiallyConsistent)
    if isThere() && withdraw() { return false }
    while true {
      let key = wakeUps.prepare()
      if takePermit() { return true }
      wakeUps.wait(key)
    }
  }

  /// Takes the caller out of the sleepers. False where all of them have permits: one is the caller's.
  private func withdraw() -> Bool {
    var seen = counts.value.load(ordering: .relaxed)
    while Self.sleepers(seen) > 0 {
      let (done, now) = counts.value.compareExchange(
        expected: seen, desired: seen - Self.sleeper, ordering: .relaxed)
      if done { return true }
      seen = now
    }
    return false
  }

  private func takePermit() -> Bool {
    var seen = permits.load(ordering: .relaxed)
    while seen > 0 {
      let (done, now) = permits.compareExchange(
        expected: seen, desired: seen - 1, ordering: .relaxed)
      if done { return true }
      seen = now
    }
    return false
  }

  private static func searchers(_ counts: Int) -> Int { counts & (sleeper - 1) }
  private static func sleepers(_ counts: Int) -> Int { counts >> 32 }
}
