import Harness
import Results
import Synchronization
import Techniques

extension Experiment {
  /// From one thread to another: through a locked array, and through a lock-free ring.
  static let queueContention = Experiment(
    id: "cpu/queue-contention",
    title: "From one thread to another: mutex and array → single-producer ring",
    slot: "performance/cpu/parallelization",
    claim: """
      One producer and one consumer that do little else pass messages many times faster through a \
      ring of which each side owns one index, than through an array behind a mutex; when a message \
      is worth more than about a microsecond of work, the queue does not matter.
      """,
    mechanism: """
      Push and pop behind one mutex exclude each other: its cache line travels for every message, \
      and a thread that finds it taken may sleep in the kernel. In the ring each side writes only \
      its own index, with a plain store (release), and keeps a copy of the other's, which it looks \
      up only when the ring seems full or empty. So a line travels for eight messages of eight \
      bytes at best, and there is no atomic read-modify-write at all.
      """,
    limits: """
      One producer and one consumer: a second of either breaks it. Neither side can sleep on it: \
      here both spin, which is right only when both have a processor. Where messages are heavy or \
      rare, a mutex is as good and easier to get right.
      """,
    diagram: """
      flowchart LR
        subgraph before["mutex and array: {mutex and array}"]
          direction LR
          p1["producer"] --> l["lock | array | unlock"] --> c1["consumer"]
        end
        subgraph after["ring: {ring}"]
          direction LR
          p2["producer: own tail, copy of head"] --> s["slots"]
          s --> c2["consumer: own head, copy of tail"]
        end
        before -- "{speedup} at {point} additions a message" --> after
      """,
    sweep: .count("additions a message, on either side", [0, 100, 1_000], smoke: 0),
    signals: ["system time", "voluntary switches"],
    needs: [.cores(2)],
    // Sleeping and being woken at the mutex is what the baseline does.
    tolerates: [.preempted],
    work: { _ in Work(elements: Double(messages)) },
    variants: [
      Variant(
        "mutex and array", shows: ["LockedQueue", "transfer"],
        prepare: { Transfer(team: try $0.team(2), queue: LockedQueue(), additions: $0.value) },
        run: { transfer($0) }),
      Variant(
        "ring", shows: ["transfer"],
        prepare: { point in
          Transfer(
            team: try point.team(2), queue: SPSCRing<Int>(capacity: capacity),
            additions: point.value)
        },
        run: { transfer($0) }),
    ],
    predict: { question throws(MissingNumber) in
      let step = try question.coherenceStep()
      let lock = try question.number("mutex")
      let addition = try question.number("add.integer.latency")
      let work = Double(question.value) * 2 * addition
      // Lock and counts share a line: it is fetched once to lock, and once more to write the counts,
      // since the side that waits for the lock has read it. The line of the slot moves beside that.
      let locked = 2 * (lock + 2 * step)
      // A side that has run out looks up the other's index, then takes the next line of slots.
      let ringed = 2 * step / 8
      return Prediction(
        speedup: max(locked, work + locked / 2) / max(ringed, work),
        because: """
          Work on a message is \(work.brief) ns on either side. Behind the mutex push and pop \
          follow each other: each a lock (\(lock.brief) ns), and its line twice (to lock, and to \
          write the counts, since the waiting side has read it), \(step.brief) ns each: together \
          \(locked.brief) ns. In the ring the index and the line of eight slots move once for \
          eight messages: \(ringed.brief) ns.
          """)
    })
}

/// Passed on in one kernel call.
private let messages = 20_000
private let capacity = 1_024

/// What both queues can do.
private protocol Queue: AnyObject, Sendable {
  /// False where it is full.
  func push(_ message: Int) -> Bool
  func pop() -> Int?
}

extension SPSCRing<Int>: Queue {}

/// An array that is used round and round, behind a mutex: bounded like the ring.
private final class LockedQueue: Queue {
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

/// A kernel's input. The queue is empty between calls.
private final class Transfer<Messages: Queue>: @unchecked Sendable {
  // SAFETY (@unchecked): `sum` is written by the consumer alone and read when the team is done.
  let team: Team
  let queue: Messages
  let additions: Int
  var sum = 0

  init(team: Team, queue: Messages, additions: Int) {
    self.team = team
    self.queue = queue
    self.additions = additions
  }
}

/// Member 0 makes messages, member 1 takes them in.
@inline(never)
private func transfer(_ transfer: Transfer<some Queue>) -> Int {
  let (queue, additions) = (transfer.queue, opaque(transfer.additions))
  transfer.team.run { member in
    if member == 0 {
      for message in 0..<messages {
        let message = work(message, additions)
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
        sum &+= work(message!, additions)
      }
      transfer.sum = sum
    }
  }
  return transfer.sum
}

/// A chain of two operations a step.
@inline(__always)
private func work(_ value: Int, _ additions: Int) -> Int {
  var value = value
  for step in 0..<additions { value = (value ^ step) &+ 1 }
  return value
}
