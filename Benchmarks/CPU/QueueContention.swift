import Harness
import Results
import Synchronization
import Techniques

extension Experiment {
  /// From one thread to another: through a locked array, and through a lock-free ring.
  static let queueContention = Experiment(
    id: "cpu/queue-contention",
    title: "Messages between two threads: array behind a mutex → single-producer ring",
    slot: "performance/cpu/parallelization",
    claim: """
      A producer and a consumer that do little else pass messages many times faster through a ring \
      in which each side writes only its own index than through an array behind a mutex; with more \
      than about a microsecond of work per message, the queue no longer matters.
      """,
    mechanism: """
      Push and pop contend for one mutex, so its cache line moves between the cores for every \
      message, and a thread that finds the mutex locked may sleep in the kernel. In the ring each \
      side writes only its own index, without an atomic read-modify-write. It keeps a copy of the \
      other side's index and reads the original only when the ring seems full or empty, so at best \
      one cache-line transfer carries eight messages of eight bytes.
      """,
    limits: """
      The ring supports exactly one producer and one consumer. Neither side can sleep on it: both \
      spin, which is right only if each has a processor. Where messages are rare or need much \
      work, a mutex is as good and easier to get right.
      """,
    diagram: """
      flowchart LR
        subgraph before["mutex and array: {mutex and array}"]
          direction LR
          p1["producer"] --> l["lock | array | unlock"] --> c1["consumer"]
        end
        subgraph after["ring: {ring}"]
          direction LR
          p2["producer: tail, copy of head"] --> s["slots"] --> c2["consumer: head, copy of tail"]
        end
        before -- "{speedup} at {point} additions per message" --> after
      """,
    sweep: .count("additions per message on each side", [0, 100, 1_000], smoke: 0),
    signals: ["system time", "voluntary switches"],
    needs: [.cores(2)],
    // The baseline's threads sleep at the mutex and are woken.
    tolerates: [.preempted],
    work: { _ in Work(elements: Double(messages), each: "message") },
    variants: [
      Variant(
        "mutex and array", shows: ["LockedQueue", "transfer"],
        prepare: { (try $0.team(2), LockedQueue(), $0.value) },
        run: { transfer($2, through: $1, by: $0) }),
      Variant(
        "ring", shows: ["transfer"],
        prepare: { (try $0.team(2), SPSCRing<Int>(capacity: capacity), $0.value) },
        run: { transfer($2, through: $1, by: $0) }),
    ] + queuePeers(messages, capacity: capacity),
    // The claim is about threads that do little else.
    headline: DeclaredHeadline(value: 0, variant: "ring"),
    model: { question throws(MissingNumber) in
      let line = try question.cacheLineTransfer()
      let work = (Double(question.value) * 2 * (try question.time("add.integer.latency")))
        .named("work on the message")
      // A side that has used up its copy reads the other's index, then the next line of slots.
      guard question.isBaseline else {
        return Model(longest((2 * line / 8).named("cache-line transfers"), work))
      }
      // Each operation fetches the line of the lock and the counts twice: to lock, and to write the
      // counts, since the other side, waiting for the lock, has read it. The slot's line overlaps.
      let operation =
        try question.time("mutex").named("mutex") + (2 * line).named("cache-line transfers")
      // One side's operation excludes the other's, but not the other's work.
      return Model(operation + longest(operation, work))
    })
}

/// In one kernel call.
private let messages = 20_000
private let capacity = 1_024

/// A circular buffer behind a mutex: bounded like the ring.
private final class LockedQueue: MessageQueue {
  private let ring = Mutex(Ring<Int>(capacity: capacity))

  func push(_ message: Int) -> Bool {
    ring.withLock { ring in
      if ring.count == capacity { return false }
      ring.append(message)
      return true
    }
  }

  func pop() -> Int? { ring.withLock { $0.popFirst() } }
}

/// Member 0 is the producer, member 1 the consumer.
@inline(never)
private func transfer(_ additions: Int, through queue: some MessageQueue, by team: Team) -> Int {
  let additions = opaque(additions)
  var total = 0
  team.run { member in
    if member == 0 {
      for message in 0..<messages {
        let message = processed(message, additions)
        while !queue.push(message) { spinHint() }
      }
    } else {
      var sum = 0
      for _ in 0..<messages {
        var message = queue.pop()
        while message == nil {
          spinHint()
          message = queue.pop()
        }
        sum &+= processed(message!, additions)
      }
      total = sum
    }
  }
  return total
}
