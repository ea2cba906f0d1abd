import CPerflab
import Glibc
import Platform
import Synchronization

/// Why a team could not be formed.
public enum TeamError: Error, Equatable, Sendable {
  /// More members were asked for than there are processors that may be used.
  case tooFewProcessors(needed: Int, available: Int)
  case processorsRefused([Int])
  case threadRefused(errno: Int32)
}

/// Threads, each pinned to a processor of its own, that wait for work. The caller is member 0.
///
/// Waiting members spin for a while and then sleep, so that a team which is not in use takes no
/// processor time from a single-threaded variant. `run` costs a cache-line transfer each way.
public final class Team: @unchecked Sendable {
  // SAFETY (@unchecked): `job` is written by the caller before it raises `generation` (release)
  // and read by members after they see that (acquire); `remaining` orders the way back.

  /// The caller included.
  public let count: Int
  private let state: SharedState
  private var threads: [pthread_t] = []
  fileprivate var job: UnsafePointer<(Int) -> Void>?
  fileprivate let refused = Mutex<[Int]>([])
  fileprivate let meters = Mutex<[RunDelayMeter]>([])

  /// Starts a thread on each of `cpus` but the first, which is the caller's; unpinned, on all of
  /// those that the caller may use.
  init(cpus: [Int], isPinned: Bool = true) throws {
    count = cpus.count
    state = SharedState()
    for index in 1..<max(1, cpus.count) {
      let member = Member(team: self, index: index, cpu: isPinned ? cpus[index] : nil)
      var thread = pthread_t()
      state.remaining.pointee.add(1, ordering: .relaxed)
      let error = pthread_create(&thread, nil, serve, Unmanaged.passRetained(member).toOpaque())
      guard error == 0 else { throw TeamError.threadRefused(errno: error) }
      threads.append(thread)
    }
    while state.remaining.pointee.load(ordering: .acquiring) > 0 { sched_yield() }
    let refused = refused.withLock { $0 }
    if !refused.isEmpty { throw TeamError.processorsRefused(refused) }
  }

  /// Runs `body` once on every member, the caller included, and returns when all are done.
  public func run(_ body: (_ member: Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { pointer in
        job = pointer
        state.remaining.pointee.store(count - 1, ordering: .relaxed)
        state.generation.pointee.add(1, ordering: .sequentiallyConsistent)
        if state.sleepers.pointee.load(ordering: .sequentiallyConsistent) > 0 {
          perflab_futex_wake(state.generationWord, .max)
        }
        body(0)
        while state.remaining.pointee.load(ordering: .acquiring) > 0 { perflab_spin_hint() }
      }
    }
  }

  /// How long each member but the caller has waited for its processor, in nanoseconds.
  func runDelays() -> [UInt64?] { meters.withLock { $0 }.map { $0.read() } }

  /// Waits for a generation other than `seen`: spins for some tens of microseconds, then sleeps.
  fileprivate func awaitGeneration(after seen: UInt32) -> UInt32 {
    for _ in 0..<2_000 {
      let now = state.generation.pointee.load(ordering: .acquiring)
      if now != seen { return now }
      perflab_spin_hint()
    }
    state.sleepers.pointee.add(1, ordering: .sequentiallyConsistent)
    defer { state.sleepers.pointee.subtract(1, ordering: .sequentiallyConsistent) }
    while true {
      let now = state.generation.pointee.load(ordering: .sequentiallyConsistent)
      if now != seen { return now }
      perflab_futex_wait(state.generationWord, seen)
    }
  }

  fileprivate func finished() { state.remaining.pointee.subtract(1, ordering: .releasing) }
}

/// The team's atomics, each on cache lines of its own. Lives as long as the process: members
/// never end, since a worker process ends as a whole.
private struct SharedState {
  let generation: UnsafeMutablePointer<Atomic<UInt32>>
  let remaining: UnsafeMutablePointer<Atomic<Int>>
  let sleepers: UnsafeMutablePointer<Atomic<Int>>

  init() {
    let lines = UnsafeMutableRawPointer.allocate(byteCount: 3 * 128, alignment: 128)
    generation = lines.bindMemory(to: Atomic<UInt32>.self, capacity: 1)
    remaining = (lines + 128).bindMemory(to: Atomic<Int>.self, capacity: 1)
    sleepers = (lines + 256).bindMemory(to: Atomic<Int>.self, capacity: 1)
    generation.initialize(to: Atomic(0))
    remaining.initialize(to: Atomic(0))
    sleepers.initialize(to: Atomic(0))
  }

  var generationWord: UnsafePointer<UInt32> {
    // SAFETY: `Atomic<UInt32>` has the layout of a `UInt32`.
    UnsafeRawPointer(generation).assumingMemoryBound(to: UInt32.self)
  }
}

private final class Member {
  let team: Team
  let index: Int
  /// Nil where the thread runs wherever the system puts it.
  let cpu: Int?

  init(team: Team, index: Int, cpu: Int?) {
    self.team = team
    self.index = index
    self.cpu = cpu
  }
}

private func serve(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  let member = Unmanaged<Member>.fromOpaque(context!).takeRetainedValue()
  let team = member.team
  if let cpu = member.cpu {
    do { try Affinity.pin(to: cpu) } catch { team.refused.withLock { $0.append(cpu) } }
  }
  let meter = RunDelayMeter()
  team.meters.withLock { $0.append(meter) }
  team.finished()
  var seen: UInt32 = 0
  while true {
    seen = team.awaitGeneration(after: seen)
    team.job!.pointee(member.index)
    team.finished()
  }
}

/// The teams of a worker process; one of each size.
final class TeamSource: @unchecked Sendable {
  // SAFETY (@unchecked): used by the worker's main thread alone.

  let cpus: [Int]
  private let isPinned: Bool
  private var teams: [Int: Team] = [:]
  /// Members of the largest team that was asked for since this was last set.
  var largestAsked = 1
  /// Of each processor, how many before it are on the same core.
  private lazy var turns = cpus.indices.map { index in
    let siblings = ThreadSiblings.read(cpu: cpus[index])
    return cpus[..<index].count { siblings.contains($0) }
  }

  /// Of every member but the main thread.
  func runDelays() -> [UInt64?] { teams.values.flatMap { $0.runDelays() } }

  /// - Parameter cpus: the measuring processor first, then the others as a team fills them.
  init(cpus: [Int], isPinned: Bool = true) {
    self.cpus = cpus
    self.isPinned = isPinned
  }

  /// What the core of each member of a team does in a cycle now. Members on the same core take
  /// turns: together, each would find the other there.
  func gauge(_ count: Int) throws -> [CoreGauge.Reading] {
    guard count > 1 else { return [CoreGauge.read()] }
    let team = try team(count)
    let turns = turns
    var found = [CoreGauge.Reading](repeating: .init(additionsPerCycle: 0, cycle: 0), count: count)
    found.withUnsafeMutableBufferPointer { found in
      // SAFETY: each member writes an element of its own.
      nonisolated(unsafe) let found = found
      for turn in 0...(turns.prefix(count).max() ?? 0) {
        team.run { member in
          if turns[member] == turn { found[member] = CoreGauge.read() }
        }
      }
    }
    return found
  }

  func team(_ count: Int) throws -> Team {
    largestAsked = max(largestAsked, count)
    if let team = teams[count] { return team }
    guard count <= cpus.count else {
      throw TeamError.tooFewProcessors(needed: count, available: cpus.count)
    }
    let team = try Team(cpus: Array(cpus.prefix(count)), isPinned: isPinned)
    teams[count] = team
    return team
  }
}
