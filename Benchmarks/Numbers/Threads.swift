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
      "syscall", group: group, title: "System call", method: "getppid, which does nothing else",
      count: 1024, prepare: { _ in 0 },
      run: { _, count in
        var all = 0
        for _ in 0..<count { all &+= Int(getppid()) }
        return all
      }),
    repeated(
      "thread.create", group: group, title: "Thread created and joined",
      method: "pthread_create of an empty thread on the same processor, and pthread_join",
      count: 16, prepare: { _ in 0 },
      run: { _, count in
        for _ in 0..<count {
          var thread = pthread_t()
          if pthread_create(&thread, nil, { _ in nil }, nil) == 0 { pthread_join(thread, nil) }
        }
        return count
      }),
    probe(
      "context.switch", "Context switch",
      "half of a round trip of two threads on one processor: a futex wake, a futex wait and the "
        + "switch", needs: []
    ) { _ in
      .sameProcessor
    },
    probe(
      "futex.wake", "Waking a thread on another core",
      "half of a round trip of two sleeping threads through futexes", needs: [.cores(2)]
    ) {
      point in .team(try point.team(2))
    },
  ]

  private static func probe(
    _ name: String, _ title: String, _ method: String, needs: [Requirement],
    partner: @escaping @Sendable (Point) throws -> Dialogue<Words>.Partner
  ) -> Probe {
    Probe(
      name, group: group, title: title, method: method, needs: needs, value: 64, smoke: 4,
      reading: { .operations(Double(2 * $0)) },
      variant: Variant(
        name, shows: [],
        prepare: { point in
          try Dialogue(Words(), partner: partner(point), rounds: point.value)
        },
        run: { dialogue in dialogue.play() }))
  }
}

/// Two futexes through which two threads hand over to each other.
private final class Words: Conversation {
  private static let stop: UInt32 = 2
  private let ping = Futex()
  private let pong = Futex()

  func ask(_ rounds: Int) {
    for _ in 0..<rounds {
      ping.signal()
      _ = pong.await()
    }
  }

  func answer(_ rounds: Int) {
    for _ in 0..<rounds {
      if ping.await() == Self.stop { return }
      pong.signal()
    }
  }

  func sayStop() { ping.signal(Self.stop) }
}
