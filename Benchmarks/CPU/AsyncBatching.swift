import Harness
import Results

extension Experiment {
  /// Messages to an actor: one hop each, and one hop for many.
  static let asyncBatching = Experiment(
    id: "cpu/async-batching",
    title: "Messages to an actor: a hop each → a hop a batch",
    slot: "performance/cpu/parallelization",
    claim: """
      Sending an actor batches of b messages instead of single ones is faster, up to the ratio of a \
      hop to what a message costs by itself; more than some hundreds a batch gain nothing and only \
      delay the first.
      """,
    mechanism: """
      A call of another actor is a suspension: the caller's frame is split there, its registers are \
      saved, the actor's lock word is taken and given back by atomic exchanges, and the executor is \
      switched to the actor and back; where another task holds the actor, the caller is enqueued \
      and a thread has to take it up again. That is paid a call, whatever the call does. A batch \
      pays it once, and the loop inside the actor is a plain loop over an array. Here nobody else \
      holds the actor, which is the least that a hop can cost.
      """,
    limits: """
      A batch makes the first message wait for the last: what is gained in throughput is lost in \
      latency where messages arrive slowly, so a batch wants a deadline. Very small batches lose, \
      since the array costs more than the hops that it saves. State that needs no actor, because \
      one task owns it, is faster still.
      """,
    diagram: """
      flowchart LR
        subgraph before["a hop each: {a hop each}"]
          direction LR
          t["task"] -- "hop, add, hop back: 65,536 times" --> a["actor"]
        end
        subgraph after["batches: {batches}"]
          direction LR
          u["task"] -- "one hop for {point} messages" --> b["actor"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("messages a batch", [4, 16, 64, 256, 1_024], smoke: 16),
    signals: ["voluntary switches", "system time"],
    needs: [.cores(2)],
    // The runtime's threads share the calling thread's processor.
    tolerates: [.preempted],
    work: { _ in Work(elements: Double(messages)) },
    variants: [
      Variant(
        "a hop each", shows: ["sendSingly", "Ledger"],
        prepare: { point in
          try ConcurrencyRuntime.spread(over: point.cpus)
          return Ledger()
        },
        run: { ledger in ConcurrencyRuntime.block { await Source().sendSingly(to: ledger) } }),
      Variant(
        "batches", shows: ["sendBatches"],
        prepare: { point in
          try ConcurrencyRuntime.spread(over: point.cpus)
          return (ledger: Ledger(), size: point.value)
        },
        run: { input in
          ConcurrencyRuntime.block {
            await Source().sendBatches(of: opaque(input.size), to: input.ledger)
          }
        }),
    ],
    predict: { question throws(MissingNumber) in
      // The number's task belongs to no actor: a message takes one and leaves it. This one leaves
      // its own as well and takes it back.
      let hop = 2 * (try question.number("actor.hop"))
      let cycle = try question.number("add.integer.latency")
      let wake = try question.number("futex.wake")
      let batch = Double(question.value)
      let start = 2 * wake / Double(messages)
      // Each is made of the one before, which the actor keeps in memory.
      let making =
        try question.number("store.forward") + question.number("mul.integer.latency") + cycle
      // Appending and counting, in 30 operations (34 instructions, counted in the machine code, of
      // which a comparison and its branch are one), go on beside it; adding up is vectorised.
      let message = max(making, try question.instructions(30))
      return Prediction(
        speedup: (hop + making + start) / (hop / batch + message + start),
        because: """
          Taking and leaving two actors costs \(hop.brief) ns, shared by \(question.value) \
          messages. A message is made of the one before, through memory, a multiplication and an \
          addition, in \(making.brief) ns; with the 30 operations beside that put it into a batch \
          it is \(message.brief) ns. Starting the task and waking the waiting thread is shared by \
          all \(messages): \(start.brief) ns.
          """)
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

/// Makes the messages, each from the one before, as a parser does; an actor, as it has state that
/// others may ask for, so that it must be back on it for the next message.
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
