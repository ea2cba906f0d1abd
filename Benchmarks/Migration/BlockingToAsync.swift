import Harness
import Results

extension Experiment {
  /// A server whose requests wait for another service.
  static let blockingToAsync = Experiment(
    id: "migration/blocking-to-async",
    title: "Requests that wait for another service: in a thread each → in none",
    slot: "migration/performance/legacy",
    claim: """
      A pool of eight threads that wait carries eight requests per wait, however many clients \
      there are; without threads that wait the clients are the limit, and then the processor. So \
      many threads as clients do nearly as well, up to hundreds: the gain over a small pool comes \
      from waiting side by side, not from the style of the code.
      """,
    mechanism: """
      Each request asks another service, which takes 5 ms, and computes next to nothing. By \
      Little's law the throughput is the number of requests that wait at once ÷ 5 ms: at most the \
      threads of the pool, else the clients. {point} send again as soon as they have a response. \
      Both servers read and write in one event loop; one hands the request to a thread that \
      sleeps, the other sets a timer. What a request costs the processor is the lower bound of \
      both.
      """,
    limits: """
      Threads cost memory (their stacks' touched pages), and at tens of thousands the scheduler's \
      time. A pool is also a limit that protects the other service: without it something else has \
      to say how many requests may be there at once. Code that computes for long must not run in \
      the event loop: it stops all other requests. One blocking call that was overlooked does too, \
      which is what such migrations fail by.
      """,
    diagram: """
      flowchart LR
        c["{point}"]
        c --> a["pool of 8: {pool of 8}"] -- "8 at once" --> o["other service, 5 ms"]
        c --> t["a thread each: {a thread each}"] --> o
        c --> e["no thread waits: {event loop}"] --> o
        a -- "{speedup}" --> e
      """,
    sweep: .count("clients", [8, 64, 256], smoke: 8, label: { "\($0) clients" }),
    needs: [.cores(2), .descriptors(1_024)], tolerates: loadTolerates,
    isMirrored: false, isRehearsed: false,
    work: { Work(elements: Double(WaitingServer.requests(of: $0)), each: "request") },
    variants: [
      variant("pool of 8", shows: "poolOfEight", poolOfEight),
      variant("a thread each", shows: "threadEach", threadEach),
      variant("event loop", shows: "eventLoop", eventLoop),
    ],
    demands: Demands { ["a request that waits for nothing": try WaitingServer.ownTime($0)] },
    headline: DeclaredHeadline(value: 64, variant: "event loop"),
    model: { question in
      guard let own = question.demand("a request that waits for nothing") else { return nil }
      let waiting = question.variant == "pool of 8" ? min(8, question.value) : question.value
      // The last round is not full.
      let requests = Double(WaitingServer.requests(of: question.value))
      let rounds = (requests / Double(waiting)).rounded(.up)
      let waits = (rounds / requests) * Time.exactly(Double(WaitingServer.wait))
      return Model(longest(waits, own).named("its share of the waits, or of the processor"))
    })
}

private func variant(
  _ name: String, shows: String, _ waiting: @escaping @Sendable (Int) -> WaitingServer.Waiting
) -> Variant {
  Variant(
    name, shows: [shows], prepare: { try WaitingServer($0, waiting($0.value)) },
    run: { server in orEnd { try server.serve() } })
}

@Sendable private func poolOfEight(_ clients: Int) -> WaitingServer.Waiting { .threads(8) }
@Sendable private func threadEach(_ clients: Int) -> WaitingServer.Waiting { .threads(clients) }
@Sendable private func eventLoop(_ clients: Int) -> WaitingServer.Waiting { .timer }
