import Harness
import Results
import Synchronization
import Techniques

extension Experiment {
  /// From thread to thread: through one locked array, and through a lock-free ring for each pair.
  static let queueContention = Experiment(
    id: "cpu/queue-contention",
    title: "Messages from thread to thread: array behind a mutex → a single-producer ring per pair",
    slot: "performance/cpu/parallelization",
    claim: """
      Producers and consumers that do little else pass messages many times faster through rings in \
      which each side writes only its own index than through one array behind a mutex; with more \
      pairs the rings' throughput grows with them, and the array's does not.
      """,
    mechanism: """
      Push and pop contend for one mutex, so its cache line moves between the cores for every \
      message, and a thread that finds the mutex locked may sleep in the kernel. In the ring each \
      side writes only its own index, without an atomic read-modify-write. The producer stores its \
      index at the start of the cache line whose slots it fills, so that one transfer carries seven \
      messages of eight bytes together with the news of them; it requests the next line early, and \
      reads the consumer's index only when the ring seems full. Each pair has a ring of its own.
      """,
    limits: """
      The ring supports exactly one producer and one consumer. Neither side can sleep on it: both \
      spin, which is right only if each has a processor. From one shared array an idle consumer may \
      take any message. Where one needs a microsecond of work, a mutex is as good. Elements of more \
      than 24 bytes have a line or more each.
      """,
    diagram: """
      flowchart LR
        subgraph before["mutex and array: {mutex and array}"]
          direction LR
          p1["producers"] --> l["lock | array | unlock"] --> c1["consumers"]
        end
        subgraph after["rings: {rings}"]
          direction LR
          p2["producer: copy of head"] --> s["lines: tail | 7 slots"] --> c2["consumer: head"]
        end
        before -- "{speedup}, pairs: {point}" --> after
      """,
    sweep: .threads("pairs", each: 2),
    signals: ["system time", "voluntary switches"],
    needs: [.cores(2)],
    // The baseline's threads sleep at the mutex and are woken.
    tolerates: [.preempted],
    work: { Work(elements: Double($0 * messages), each: "message") },
    variants: [
      Variant(
        "mutex and array", shows: ["LockedQueue", "transfer"],
        prepare: { (try $0.team(2 * $0.value), [LockedQueue()]) },
        run: { transfer(by: $0, through: $1) }),
      Variant(
        "rings", shows: ["transfer"],
        prepare: { point in
          let rings = (0..<point.value).map { _ in SPSCRing<Int>(capacity: capacity) }
          return (try point.team(2 * point.value), rings)
        },
        run: { transfer(by: $0, through: $1) }),
    ] + queuePeers(messages, capacity: capacity),
    headline: DeclaredHeadline(value: 1, variant: "rings"),
    model: { question throws(MissingNumber) in
      guard question.isBaseline else {
        // An index and seven slots. The way back to the producer overlaps: it requests lines ahead.
        let step = try question.cacheLineTransfer() / 7 / Double(question.value)
        return Model(step.named("cache-line transfers"))
      }
      // One of two threads locks and unlocks in the time of a push and a pop: each excludes the
      // other. Within the lock the slot's line moves to the consumer and back.
      let threads = 2 * question.value
      let slot = try (2 * question.cacheLineTransfer(among: threads)).named("cache-line transfers")
      return Model(try question.contended("mutex.contended", by: threads).named("mutex") + slot)
    })
}

/// From each producer in one kernel call.
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

/// Of each two members the first is a producer, the second a consumer. They share a queue with
/// others where there are fewer queues than pairs.
@inline(never)
private func transfer<Queue: MessageQueue>(by team: Team, through queues: [Queue]) -> Int {
  let sums = AlignedBuffer<Int>(count: 16 * team.count) { _ in 0 }
  team.run { member in
    let queue = queues[member / 2 % queues.count]
    if member % 2 == 0 {
      for message in 0..<messages { while !queue.push(message) { spinHint() } }
    } else {
      var sum = 0
      for _ in 0..<messages {
        var message = queue.pop()
        while message == nil {
          spinHint()
          message = queue.pop()
        }
        sum &+= message!
      }
      // 128 bytes apart, so that members do not share a line.
      sums.elements[16 * member] = sum
    }
  }
  return sums.elements.reduce(0, &+)
}
