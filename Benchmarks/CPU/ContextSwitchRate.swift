import Glibc
import Harness
import Results
import Techniques

extension Experiment {
  /// Two threads of one processor that hand over one item or many.
  static let contextSwitchRate = Experiment(
    id: "cpu/context-switch-rate",
    title: "Handing items to another thread: a wake-up per item → per batch",
    slot: "performance/cpu/detection",
    claim: """
      A pipeline of two threads that wakes its consumer for every item pays several context \
      switches per item; handing over b items at a time divides that cost by b, until the work on \
      the items dominates.
      """,
    mechanism: """
      The producer fills a buffer, signals and waits; the consumer wakes up, drains it, signals \
      and waits. Both run on one processor, so that every hand-over is a context switch: a system \
      call, the scheduler, another stack, and cold predictors. The variants differ only in the \
      buffer's capacity, 1 or b. The symptom is the number of context switches per item.
      """,
    limits: """
      The first item of a batch waits for the last: latency grows with b where items arrive \
      slowly. Real queues therefore hand over the items that are there, up to b. Threads on two \
      processors can run at the same time; a wake-up is then an interrupt.
      """,
    diagram: """
      flowchart LR
        subgraph before["per item: {an item}"]
          direction LR
          p0["producer"] -- "1 item, 1 wake-up" --> c0["consumer"]
          c0 -- "1 wake-up" --> p0
        end
        subgraph after["per batch: {a batch}"]
          direction LR
          p1["producer"] -- "{point} items, 1 wake-up" --> c1["consumer"]
          c1 -- "1 wake-up" --> p1
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("batch", [2, 8, 32, 128, 512], smoke: 8),
    signals: ["voluntary switches", "system time"],
    tolerates: [.preempted],
    work: { _ in Work(elements: Double(itemCount), each: "item") },
    variants: [
      Variant(
        "an item", shows: ["sendAll", "receive"],
        prepare: { try Pipeline($0, capacity: 1) },
        run: { pipeline in sendAll(pipeline.items, through: pipeline.buffer) }),
      Variant(
        "a batch", shows: ["sendAll", "receive"],
        prepare: { try Pipeline($0, capacity: $0.value) },
        run: { pipeline in sendAll(pipeline.items, through: pipeline.buffer) }),
    ],
    model: { question throws(MissingNumber) in
      let batch = question.isBaseline ? 1 : Double(question.value)
      // Two hand-overs, there and back, of two switches each.
      let switches = (4 * (try question.time("context.switch"))).named(
        "context switches",
        because: "The woken thread finds the mutex locked and sleeps again until it is unlocked.")
      // Put in and taken out: a load and an addition each, for the buffer's count and for the sum.
      let (near, cycle) = try (question.latency(of: .l1), question.time("add.integer.latency"))
      // Counted in the machine code: checks of exclusive access and of the buffer's uniqueness.
      let calls = 4 * (try question.time("call.closure"))
      return Model(
        switches / batch + (2 * (near + cycle)).named("work per item")
          + calls.named("runtime checks"))
    })
}

private let itemCount = 512

private final class Pipeline {
  let items: [Int]
  let buffer: HandOver
  private let consumer: ThreadPool

  /// The consumer inherits the producer's processor.
  init(_ point: Point, capacity: Int) throws {
    var random = point.generator()
    items = (0..<itemCount).map { _ in .random(in: 0..<1_000, using: &random) }
    buffer = HandOver(capacity: capacity)
    consumer = try ThreadPool(threads: 1)
    _ = consumer.submit { [buffer] in receive(from: buffer) }
  }

  deinit {
    pthread_mutex_lock(buffer.mutex)
    buffer.closed = true
    pthread_cond_broadcast(buffer.turned)
    pthread_mutex_unlock(buffer.mutex)
    consumer.shutdown()
  }
}

@inline(never)
private func sendAll(_ items: [Int], through buffer: HandOver) -> Int {
  pthread_mutex_lock(buffer.mutex)
  defer { pthread_mutex_unlock(buffer.mutex) }
  buffer.sum = 0
  for item in items {
    buffer.items.append(item)
    if buffer.items.count == buffer.capacity { buffer.passOn(full: true) }
  }
  if !buffer.items.isEmpty { buffer.passOn(full: true) }
  return buffer.sum
}

private func receive(from buffer: HandOver) {
  pthread_mutex_lock(buffer.mutex)
  defer { pthread_mutex_unlock(buffer.mutex) }
  while !buffer.closed {
    if buffer.full {
      for item in buffer.items { buffer.sum &+= item }
      buffer.items.removeAll(keepingCapacity: true)
    }
    buffer.passOn(full: false)
  }
}
