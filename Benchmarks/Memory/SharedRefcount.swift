import Harness
import Results

extension Experiment {
  /// Threads that retain one object, and threads that retain one each.
  static let sharedRefcount = Experiment(
    id: "memory/shared-refcount",
    title: "All threads retain one object → an object a thread",
    slot: "performance/memory/management",
    claim: """
      Threads that keep storing references to the same object slow each other down several times, \
      though none of them changes it; with an object of its own for each thread the slowdown goes. \
      One thread alone sees no difference.
      """,
    mechanism: """
      Storing a reference retains the new object and releases the old one, each an atomic update of \
      the count in the object's header. With one object all threads write to one cache line, which \
      travels between the cores for every count, as in memory/false-sharing, but here the datum \
      itself is shared. Both variants run the same function, calls of `swift_retain` and \
      `swift_release` around a store; only the objects differ.
      """,
    limits: """
      Small objects that are allocated one after another lie on one line, and then an object a \
      thread gains nothing: those here are larger than a line. Reading through a reference that is held anyway retains nothing, and borrowed parameters \
      do not count either: the best count is none. Objects that carry state to be shared cannot be \
      had once a thread; then pass them down borrowed, or as `unowned(unsafe)` where their lifetime \
      is certain.
      """,
    diagram: """
      flowchart LR
        subgraph before["one object: {one object}"]
          t0["thread 0"] -- "retain, release" --> o["count"]
          t1["thread 1"] -- "retain, release" --> o
        end
        subgraph after["an object a thread: {an object a thread}"]
          u0["thread 0"] --> o0["count"]
          u1["thread 1"] --> o1["count"]
        end
        before -- "{speedup} with {point} threads" --> after
      """,
    sweep: .count("threads", [2, 4, 8], smoke: 2, needs: { [.cores($0)] }),
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
    predict: { question throws(MissingNumber) in
      let alone = try question.number("retain.release")
      let contended = try question.number("retain.release.contended")
      // The number is of two threads; how a line is passed among more is another question.
      guard question.value == 2 else { return nil }
      return Prediction(
        speedup: contended / alone,
        because: """
          A retain and a release take \(contended.brief) ns while another thread does the same to \
          the object, and \(alone.brief) ns alone; storing the reference and reading the object \
          hide behind them.
          """)
    })
}

/// What each thread does in one kernel call.
private let stores = 4_096

/// Two cache lines and more: smaller objects, allocated one after another, share a line.
private final class Settings: Sendable {
  let limit = 3
  let rest = InlineArray<16, Int>(repeating: 0)
}

/// Each thread's settings, and the slot in which it keeps them for a request.
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
    team.run { member in slots[member].sum = store(settings[member], in: slots[member].settings) }
    return slots.reduce(0) { $0 + $1.sum }
  }
}

/// A slot on cache lines of its own.
private final class Slot: @unchecked Sendable {
  let settings: UnsafeMutablePointer<Settings>
  var sum = 0

  init(_ initial: Settings) {
    let lines = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 128)
    settings = lines.bindMemory(to: Settings.self, capacity: 1)
    settings.initialize(to: initial)
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
