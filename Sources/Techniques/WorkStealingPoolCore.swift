import CPerflab
import Synchronization

/// What a worker shows to the others, and what it keeps for itself, on lines of their own.
@usableFromInline
struct WorkerState: ~Copyable {
  /// The youngest job that has been shared, or the root. Jobs behind it are still private, jobs
  /// before it have been shared as well: the oldest goes first. Only the owner uses it.
  @usableFromInline var boundary: UnsafeMutablePointer<Job>
  /// An idle worker asks for a job.
  @usableFromInline let wanted = Atomic<Bool>(false)
  private let padding = InlineArray<14, UInt64>(repeating: 0)

  /// A job that can be stolen. It leaves the slot by an exchange; the thread that gets it runs it.
  let shared = Atomic<UnsafeMutablePointer<Job>?>(nil)
  let claimed = Atomic<Bool>(true)
  let core: Unmanaged<WorkStealingCore>
  /// The list of all states; set before the state is published.
  var next: UnsafeMutablePointer<WorkerState>?
  let root: UnsafeMutablePointer<Job>

  init(core: Unmanaged<WorkStealingCore>) {
    self.core = core
    root = .allocate(capacity: 1)
    root.initialize(to: Job())
    boundary = root
  }

  deinit { root.deallocate() }
}

/// What the workers of one pool share.
@usableFromInline
final class WorkStealingCore: @unchecked Sendable {
  // SAFETY (@unchecked): everything in here is atomic. States are added to the list and freed only
  // with the core, which every thread and every `run` keeps alive.

  private let helpers: Int
  private let states = Atomic<UnsafeMutablePointer<WorkerState>?>(nil)
  private let stopping = Atomic<Bool>(false)
  private let events = EventCount()

  /// How often an idle worker looks around before it sleeps: some tens of microseconds.
  private static let patience = 2_000

  init(helpers: Int) { self.helpers = helpers }

  deinit {
    // The previous user has released the core, which orders its writes.
    var state = states.load(ordering: .relaxed)
    while let current = state {
      state = current.pointee.next
      current.deinitialize(count: 1)
      UnsafeMutableRawPointer(current).deallocate()
    }
  }

  // MARK: Coming and going

  /// A state for the calling thread: one that is free, or else a new one.
  func claim() -> UnsafeMutablePointer<WorkerState> {
    var candidate = states.load(ordering: .acquiring)
    while let state = candidate {
      let (claimed, _) = state.pointee.claimed.compareExchange(
        expected: false, desired: true, ordering: .acquiring)
      if claimed {
        state.pointee.wanted.store(helpers > 0, ordering: .relaxed)
        return state
      }
      candidate = state.pointee.next
    }
    return addState()
  }

  func release(_ state: UnsafeMutablePointer<WorkerState>) {
    state.pointee.claimed.store(false, ordering: .releasing)
  }

  private func addState() -> UnsafeMutablePointer<WorkerState> {
    let size = (MemoryLayout<WorkerState>.size + 127) & ~127
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 128)
    let state = memory.bindMemory(to: WorkerState.self, capacity: 1)
    state.initialize(to: WorkerState(core: Unmanaged.passUnretained(self)))
    state.pointee.wanted.store(helpers > 0, ordering: .relaxed)
    var first = states.load(ordering: .relaxed)
    while true {
      state.pointee.next = first
      let (done, seen) = states.compareExchange(
        expected: first, desired: state, ordering: .releasing)
      if done { return state }
      first = seen
    }
  }

  /// Lets the helpers go home, and no new job be handed over.
  func stop() {
    // The order does not matter: the epoch wakes sleeping threads.
    stopping.store(true, ordering: .relaxed)
    events.notify(.max)
  }

  private var isStopping: Bool { stopping.load(ordering: .relaxed) }

  /// The life of one of the pool's own threads.
  func help() {
    let state = claim()
    defer { release(state) }
    while !isStopping {
      if runOne(as: state, patiently: { isStopping }) { continue }
      let key = events.prepare()
      if isStopping || runOne(as: state) { continue }
      events.wait(key)
    }
  }

  /// The work of a thread that is lent until `isOver`.
  func help(until isOver: () -> Bool) {
    let state = claim()
    defer { release(state) }
    while !isOver() { _ = runOne(as: state, patiently: isOver) }
  }

  // MARK: Handing over

  /// Hands over the oldest private job of `state`, which there is, unless one is on offer already.
  func share(_ state: UnsafeMutablePointer<WorkerState>) {
    state.pointee.wanted.store(false, ordering: .relaxed)
    if state.pointee.shared.load(ordering: .relaxed) != nil { return }
    let job = state.pointee.boundary.pointee.next!
    state.pointee.boundary = job
    state.pointee.shared.store(job, ordering: .releasing)
    events.notify(1)
  }

  /// Makes sure that a shared job is done. Returns false if it was not stolen: then it is the
  /// owner's again, and not begun.
  func settle(_ job: UnsafeMutablePointer<Job>, _ state: UnsafeMutablePointer<WorkerState>) -> Bool
  {
    let (withdrawn, _) = state.pointee.shared.compareExchange(
      expected: job, desired: nil, ordering: .relaxed)
    if withdrawn { return false }
    var slept = false
    while !isDone(job) {
      if runOne(as: state, patiently: { isDone(job) }) { continue }
      let key = events.prepare()
      let (_, progress) = job.pointee.progress.compareExchange(
        expected: Progress.open, desired: Progress.awaited, ordering: .relaxed)
      if progress == Progress.done || runOne(as: state) { continue }
      events.wait(key)
      slept = true
    }
    // The last wake-up may have been meant for a job on offer: pass it on.
    if slept { events.notify(1) }
    return true
  }

  private func isDone(_ job: UnsafeMutablePointer<Job>) -> Bool {
    job.pointee.progress.load(ordering: .acquiring) == Progress.done
  }

  // MARK: Taking over

  /// Looks for a job for a while. Returns true where one was run or `isOver`.
  private func runOne(
    as state: UnsafeMutablePointer<WorkerState>, patiently isOver: () -> Bool
  ) -> Bool {
    for _ in 0..<Self.patience {
      if runOne(as: state) || isOver() { return true }
      perflab_spin_hint()
    }
    return false
  }

  /// Takes a job that is on offer and runs it; asks for one where there is none.
  private func runOne(as me: UnsafeMutablePointer<WorkerState>) -> Bool {
    var candidate = states.load(ordering: .acquiring)
    while let victim = candidate {
      candidate = victim.pointee.next
      if victim == me { continue }
      if victim.pointee.shared.load(ordering: .relaxed) != nil {
        if let job = victim.pointee.shared.exchange(nil, ordering: .acquiring) {
          // There may be others who look for work: both have something to offer now.
          victim.pointee.wanted.store(true, ordering: .relaxed)
          me.pointee.wanted.store(true, ordering: .relaxed)
          run(job, as: me)
          return true
        }
      } else if !victim.pointee.wanted.load(ordering: .relaxed) {
        victim.pointee.wanted.store(true, ordering: .relaxed)
      }
    }
    return false
  }

  private func run(
    _ job: UnsafeMutablePointer<Job>, as state: UnsafeMutablePointer<WorkerState>
  ) {
    // SAFETY: the job's frame waits in `settle` until `progress` says that it is done, and a
    // `Worker` is just these two pointers.
    perflab_closure_call(&job.pointee.closure, state, state.pointee.boundary)
    // From here on the frame may be gone: nothing of the job is touched but its address.
    if job.pointee.progress.exchange(Progress.done, ordering: .releasing)
      == Progress.awaited
    {
      events.notify(.max)
    }
  }
}

/// How far a shared job has come.
private enum Progress {
  static let open: UInt32 = 0
  /// Its owner sleeps until it is done.
  static let awaited: UInt32 = 1
  static let done: UInt32 = 2
}
