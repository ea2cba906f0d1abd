import Harness
import Results

extension Experiment {
  /// Threads that retain one shared object, and threads that retain one each.
  static let sharedRefcount = Experiment(
    id: "memory/shared-refcount",
    title: "One object retained by all threads → one object per thread",
    slot: "performance/memory/management",
    claim: """
      From two threads on, storing references to one shared object is several times slower than \
      storing references to an object per thread, though no thread changes the object; a single \
      thread sees no difference.
      """,
    mechanism: """
      Storing a reference retains the new object and releases the old one: each is an atomic update \
      of the reference count in the object's header. With one object all threads write to one cache \
      line, which moves between the cores for every update; unlike in memory/false-sharing, the \
      datum itself is shared. Both variants run the same function; only the objects differ.
      """,
    limits: """
      Objects smaller than a cache line, allocated one after another, share a line; one per thread \
      then gains nothing, so those here are larger. Reading through a reference that is already \
      held retains nothing, and neither does a borrowed parameter. An object with shared state can't \
      be copied per thread; pass it borrowed, or `unowned(unsafe)` where its lifetime is certain.
      """,
    diagram: """
      flowchart LR
        subgraph before["one object: {one object}"]
          t0["thread 0"] -- "retain, release" --> o["count"]
          t1["thread 1"] -- "retain, release" --> o
        end
        subgraph after["one object per thread: {an object a thread}"]
          u0["thread 0"] --> o0["count"]
          u1["thread 1"] --> o1["count"]
        end
        before -- "{speedup} with {point} threads" --> after
      """,
    sweep: .threads(),
    signals: ["cycles", "instructions"],
    needs: [.cores(2)],
    work: { threads in Work(elements: Double(threads * stores), each: "store") },
    variants: [
      Variant(
        "one object", shows: ["Settings", "store"],
        prepare: { point in
          let shared = Settings()
          return Requests(try point.team(point.value)) { _ in shared }
        },
        run: { $0.run() }),
      Variant(
        "an object a thread", shows: ["store"],
        prepare: { point in Requests(try point.team(point.value)) { _ in Settings() } },
        run: { $0.run() }),
    ],
    headline: DeclaredHeadline(value: 2, variant: "an object a thread"),
    model: { question throws(MissingNumber) in
      let threads = question.value
      // Storing the reference and reading the object overlap with it.
      let pair =
        question.isBaseline && threads > 1
        ? try question.contended("retain.release.contended", by: threads) / 2
        : try question.time("retain.release") / Double(threads)
      return Model(pair.named("retain and release"))
    })
}

/// Of each thread in one kernel call.
private let stores = 4_096

/// More than two cache lines: smaller objects, allocated one after another, share a line.
private final class Settings: Sendable {
  let limit = 3
  let rest = InlineArray<16, Int>(repeating: 0)
}

/// Each thread's settings, and the slot that it stores them in.
private final class Requests: @unchecked Sendable {
  // SAFETY (@unchecked): each member of the team uses its own settings and its own slot.
  private let team: Team
  private let settings: [Settings]
  private let slots: [Slot]

  init(_ team: Team, settings: (Int) -> Settings) {
    self.team = team
    self.settings = (0..<team.count).map(settings)
    slots = self.settings.map { Slot($0) }
  }

  func run() -> Int {
    team.run { slots[$0].sum = store(settings[$0], in: slots[$0].settings) }
    return slots.reduce(0) { $0 + $1.sum }
  }
}

/// A slot on its own cache lines.
private final class Slot: @unchecked Sendable {
  let settings: UnsafeMutablePointer<Settings>
  var sum = 0

  init(_ initial: Settings) {
    settings = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 128)
      .initializeMemory(as: Settings.self, to: initial)
  }

  deinit {
    settings.deinitialize(count: 1)
    UnsafeMutableRawPointer(settings).deallocate()
  }
}

@inline(never)
private func store(_ settings: Settings, in slot: UnsafeMutablePointer<Settings>) -> Int {
  var sum = 0
  for _ in 0..<stores {
    slot.pointee = settings
    sum += slot.pointee.limit
  }
  return sum
}
