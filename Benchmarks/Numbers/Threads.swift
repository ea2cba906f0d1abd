import CPerflab
import Glibc
import Harness
import Platform
import Results

/// Threads, switches and calls of the kernel.
enum Threads {
  private static let group = "Operating system"

  static let probes = [
    repeated(
      "clock.read", group: group, title: "Reading the clock",
      method: "clock_gettime of the raw monotonic clock", count: 1024, prepare: { _ in 0 },
      run: { _, count in
        var all: UInt64 = 0
        for _ in 0..<count { all &+= Clock.now() }
        return Int(truncatingIfNeeded: all)
      }),
    repeated(
      "syscall", group: group, title: "System call", method: "getppid, which does almost no work",
      count: 1024, prepare: { _ in 0 },
      run: { _, count in
        var all = 0
        for _ in 0..<count { all &+= Int(getppid()) }
        return all
      }),
    repeated(
      "thread.create", group: group, title: "Thread created and joined",
      method: "pthread_create of an empty thread on the same processor, and pthread_join",
      count: 16, startsThreads: true, prepare: { _ in 0 },
      run: { _, count in
        for _ in 0..<count {
          var thread = pthread_t()
          if pthread_create(&thread, nil, { _ in nil }, nil) == 0 { pthread_join(thread, nil) }
        }
        return count
      }),
    repeated(
      "thread.create.two", group: group, title: "Thread created and joined, two processors",
      method: "64 empty threads started on two processors, then joined", needs: [.cores(2)],
      count: 64, startsThreads: true, prepare: { Array($0.cpus.prefix(2)) },
      run: { cpus, count in
        var threads = [pthread_t?](repeating: nil, count: count)
        try! Placement.allowing(cpus) {
          for index in 0..<count {
            var thread = pthread_t()
            if pthread_create(&thread, nil, { _ in nil }, nil) == 0 { threads[index] = thread }
          }
        }
        for thread in threads { if let thread { pthread_join(thread, nil) } }
        return count
      }),
    repeated(
      "thread.move", group: group, title: "Thread migrated to another processor",
      method: "half of sched_setaffinity to one processor and back",
      needs: [.cores(2)], count: 16, startsThreads: true, prepare: { $0.cpus },
      run: { cpus, count in
        for index in 1...count { try! Placement.move(to: cpus[index & 1]) }
        return count
      }),
    handover(
      "context.switch", "Context switch",
      "half of a round trip between two threads on one processor: a futex wake, a futex wait and a "
        + "switch", rounds: 64, pause: 0
    ) { _ in .sameProcessor },
    handover(
      "futex.wake.paused", "Handover to another core after a pause",
      "half of a round trip between two threads through futexes, each pausing first", rounds: 16,
      pause: pause, role: .ingredient, needs: [.cores(2)]
    ) { point in .team(try point.team(2)) },
    repeated(
      "futex.wake.called", group: group, title: "Wake-ups with pauses",
      method: "wake-ups of a thread on another core, a pause before each", needs: [.cores(2)],
      count: 16, role: .ingredient, startsThreads: true,
      prepare: { (try $0.team(2), Words(pause: longPause)) },
      run: { input, count in
        let (team, words) = input
        team.run { member in member == 0 ? words.call(count) : words.listen() }
        return count
      }),
    repeated(
      "futex.wake.pause", group: group, title: "The pause", method: "chain of multiplications",
      count: 16, role: .ingredient, prepare: { _ in 0 },
      run: { _, count in
        for _ in 0..<count { wait(pause) }
        return count
      }),
  ]

  static let callDerived = DerivedNumber(
    "futex.wake.call", group: group, title: "Waking a thread on another core, caller's time",
    method: "futex wake of a thread that sleeps on another core: only the caller's time",
    from: ["futex.wake.called", "futex.wake.pause"],
    compute: { values in values[0] - Double(longPause / pause) * values[1] })

  static let derived = DerivedNumber(
    "futex.wake", group: group, title: "Waking a thread on another core, until it runs",
    method: "half of a round trip between two threads through futexes, minus the pause that each "
      + "makes first so that the other is asleep",
    from: ["futex.wake.paused", "futex.wake.pause"], compute: { values in values[0] - values[1] })

  /// Multiplications; some microseconds, in which the other side falls asleep.
  private static let pause = 10_000
  /// In which the other side also wakes up.
  private static let longPause = 4 * pause

  private static func handover(
    _ name: String, _ title: String, _ method: String, rounds: Int, pause: Int,
    role: Probe.Role = .number, needs: [Requirement] = [],
    partner: @escaping @Sendable (Point) throws -> Dialogue<Words>.Partner
  ) -> Probe {
    Probe(
      name, role: role, group: group, title: title, method: method, needs: needs, value: rounds,
      smoke: 4, startsThreads: true, reading: { .operations(Double(2 * $0)) },
      variant: Variant(
        name, shows: [],
        prepare: { point in
          try Dialogue(Words(pause: pause), partner: partner(point), rounds: point.value)
        },
        run: { dialogue in dialogue.play() }))
  }
}

/// Two futexes through which two threads hand over to each other.
private final class Words: Conversation {
  private static let stop: UInt32 = 2
  private let ping = Futex()
  private let pong = Futex()
  private let pause: Int

  init(pause: Int) { self.pause = pause }

  func ask(_ rounds: Int) {
    for _ in 0..<rounds {
      wait(pause)
      ping.signal()
      _ = pong.await()
    }
  }

  func answer(_ rounds: Int) {
    for _ in 0..<rounds {
      if ping.await() == Self.stop { return }
      wait(pause)
      pong.signal()
    }
  }

  /// Signals so many times without waiting for answers, then makes the other side stop.
  func call(_ rounds: Int) {
    for _ in 0..<rounds {
      wait(pause)
      ping.signal()
    }
    sayStop()
  }

  func listen() { while ping.await() != Self.stop {} }

  func sayStop() { ping.signal(Self.stop) }
}

/// A chain of multiplications that the optimiser cannot shorten.
@inline(never)
private func wait(_ turns: Int) {
  var value: Int64 = 3
  for _ in 0..<turns { value = perflab_opaque(value &* value) }
}
