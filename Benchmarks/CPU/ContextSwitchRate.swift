import Glibc
import Harness
import Results
import Techniques

extension Experiment {
  /// Two threads of one processor that hand over one item or many.
  static let contextSwitchRate = Experiment(
    id: "cpu/context-switch-rate",
    title: "Handing over to another thread: a wake-up an item → batches",
    slot: "performance/cpu/detection",
    claim: """
      A pipeline of two threads that wakes its consumer for every item pays two context switches \
      an item; handing over b items at a time divides that by b, until the work on the items is \
      what remains.
      """,
    mechanism: """
      The producer fills a buffer, signals and waits; the consumer wakes, drains it, signals and \
      waits. Both run on one processor, so every hand-over is a switch: a call into the kernel, \
      the scheduler, another stack, and cold predictors. The code of the two is the same but for \
      the buffer's capacity, 1 or b. What gives it away are the switches an item.
      """,
    limits: """
      The first item of a batch waits for the last: latency grows with b where items arrive \
      slowly, so real queues hand over what there is, up to b. On processors of their own the \
      threads may run at the same time, and a wake-up is then an interrupt to the other one.
      """,
    diagram: """
      flowchart LR
        subgraph before["an item: {an item}"]
          direction LR
          p0["producer"] -- "1 item, 1 wake-up" --> c0["consumer"]
          c0 -- "1 wake-up" --> p0
        end
        subgraph after["a batch: {a batch}"]
          direction LR
          p1["producer"] -- "{point} items, 1 wake-up" --> c1["consumer"]
          c1 -- "1 wake-up" --> p1
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("batch", [2, 8, 32, 128, 512], smoke: 8),
    signals: ["voluntary switches", "system time"],
    tolerates: [.preempted],
    work: { _ in Work(elements: Double(itemCount)) },
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
    predict: { question throws(MissingNumber) in
      // The thread that is woken runs at once, finds the mutex still locked and sleeps again until
      // the other one, waiting in its turn, unlocks it: two wake-ups, waits and switches.
      let handOver = 2 * (try question.number("context.switch"))
      let cycle = try question.number("add.integer.latency")
      let near = try question.latency(of: .l1)
      // Put in and taken out: the buffer's count and the sum are each a load and an addition; and
      // four calls into the runtime, counted in the machine code, check that nobody else has
      // access and that nobody else owns the buffer.
      let item = 2 * (near + cycle) + 4 * (try question.number("call.closure"))
      let size = Double(question.value)
      return Prediction(
        speedup: (2 * handOver + item) / (2 * handOver / size + item),
        because: """
          An item costs two hand-overs of \(handOver.brief) ns, each of two switches, since who is \
          woken by a condition has to wait for its mutex; or its share of them, \
          \((2 * handOver / size).brief) ns; and \(item.brief) ns to put it in and take it out.
          """)
    })
}

private let itemCount = 512

/// A buffer that belongs to the producer or to the consumer in turn.
private final class HandOver: @unchecked Sendable {
  // SAFETY (@unchecked): all properties but the condition are used under the mutex alone.
  let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  let turned = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  let capacity: Int
  var items: [Int] = []
  var full = false
  var closed = false
  var sum = 0

  init(capacity: Int) {
    self.capacity = capacity
    items.reserveCapacity(capacity)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(turned, nil)
  }

  deinit {
    pthread_cond_destroy(turned)
    pthread_mutex_destroy(mutex)
    turned.deallocate()
    mutex.deallocate()
  }

  /// Gives the buffer to the other side and waits until it comes back. Needs the mutex.
  func passOn(full: Bool) {
    self.full = full
    pthread_cond_signal(turned)
    while self.full == full && !closed { pthread_cond_wait(turned, mutex) }
  }
}

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
