import Harness
import Results

extension Experiment {
  /// Messages to an actor: one hop each, and one hop per batch.
  static let asyncBatching = Experiment(
    id: "cpu/async-batching",
    title: "Messages to an actor: a hop per message → a hop per batch",
    slot: "performance/cpu/parallelization",
    claim: """
      Sending an actor batches of messages is faster, at most by about the ratio of a hop to a \
      message's own cost; beyond some hundred messages a larger batch only adds latency.
      """,
    mechanism: """
      A call to another actor suspends the caller: its frame is split there, atomic exchanges take \
      and release the actor's lock word, and the executor switches to the actor and back. If \
      another task holds the actor, the caller is enqueued and a thread has to resume it. A batch \
      pays for this once; inside the actor it is a plain loop over an array. Here no other task \
      holds the actor, so these are the cheapest hops.
      """,
    limits: """
      In a batch the first message waits for the last. Where messages arrive slowly, a batch needs \
      a deadline. State that one task owns needs no actor and is faster still.
      """,
    diagram: """
      flowchart LR
        subgraph before["a hop per message: {a hop each}"]
          direction LR
          t["task"] -- "hop, add, hop back: 65,536 times" --> a["actor"]
        end
        subgraph after["batches: {batches}"]
          direction LR
          u["task"] -- "one hop for {point} messages" --> b["actor"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("messages per batch", [4, 16, 64, 256, 1_024], smoke: 16),
    signals: ["voluntary switches", "system time"], needs: [.cores(2)],
    // The runtime's threads share the calling thread's processor.
    tolerates: [.preempted],
    work: { _ in Work(elements: Double(messages), each: "message") },
    variants: [
      Variant(
        "a hop each", shows: ["sendSingly", "Ledger"], prepare: ledger,
        run: { ledger, _ in ConcurrencyRuntime.block { await Source().sendSingly(to: ledger) } }),
      Variant(
        "batches", shows: ["sendBatches"], prepare: ledger,
        run: { ledger, size in
          ConcurrencyRuntime.block { await Source().sendBatches(of: opaque(size), to: ledger) }
        }),
    ],
    noYardstick: "A hop belongs to Swift's runtime, and no other library has actors for it.",
    model: { question throws(MissingNumber) in
      // A message of the number takes an actor and leaves it. Here it also leaves its own, and returns.
      let hop = 2 * (try question.time("actor.hop")).named("hops")
      let wakes = 2 * (try question.time("futex.wake")) / Double(messages)
      let start = wakes.named("start and end of the task")
      // Each message is made from the one before, which the actor keeps in memory.
      var kept = try question.time("store.forward") + question.time("add.integer.latency")
      if let sum = try? question.time("add.memory") { kept = sum }
      let making = (try question.time("mul.integer.latency") + kept).named("making a message")
      if question.isBaseline { return Model(hop + making + start) }
      // Appending overlaps with it: 34 instructions, counted in the machine code, of which four
      // fuse. The actor's loop is vectorised.
      let appending = try question.instructions(30).named("appending a message")
      return Model(hop / Double(question.value) + longest(making, appending) + start)
    })
}

/// Sent in one kernel call.
private let messages = 65_536

private actor Ledger {
  private var total = 0

  func add(_ amount: Int) { total &+= amount }
  func add(_ amounts: [Int]) { for amount in amounts { total &+= amount } }

  func settle() -> Int {
    defer { total = 0 }
    return total
  }
}

private func ledger(_ point: Point) throws -> (ledger: Ledger, batch: Int) {
  try ConcurrencyRuntime.spread(over: point.cpus)
  return (Ledger(), point.value)
}

/// Makes the messages, each from the one before, as a parser does. It is an actor because others
/// may ask for its state; each message needs it back on its executor.
private actor Source {
  private var state: Int

  init() { state = opaque(7) }

  private func next() -> Int {
    state = state &* 0x5851_F42D_4C95_7F2D &+ 1
    return state
  }

  func sendSingly(to ledger: Ledger) async -> Int {
    for _ in 0..<messages { await ledger.add(next()) }
    return await ledger.settle()
  }

  func sendBatches(of size: Int, to ledger: Ledger) async -> Int {
    var batch: [Int] = []
    batch.reserveCapacity(size)
    for _ in 0..<messages {
      batch.append(next())
      if batch.count == size {
        await ledger.add(batch)
        batch.removeAll(keepingCapacity: true)
      }
    }
    await ledger.add(batch)
    return await ledger.settle()
  }
}
