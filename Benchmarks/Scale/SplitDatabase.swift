import Harness
import Results
import Simulation

extension Experiment {
  /// A database on the application's host, or on a host of its own.
  static let splitDatabase = Experiment(
    id: "scale/split-database",
    title: "The database on the application's host → on a host of its own",
    slot: "scale/10k/architecture",
    claim: """
      A host of its own for the database slows a single user down by the round trips of a request, \
      and raises the capacity, at most twofold where application and database need the same. Here \
      it takes sixteen users at a time to gain a tenth, where a formula without wake-ups has eight \
      gain as much.
      """,
    mechanism: """
      A request works in the application and asks PostgreSQL four times. On one host both need the \
      same processor, so that a request takes as long as both demands however many users there \
      are. Apart, each query takes a round trip of 0.5 ms more and wakes an idle processor on both \
      ends. Other users have the processors meanwhile; with enough of them the larger of the two \
      demands decides. Mean value analysis of two stations and a delay predicts what lies between, \
      from the times of a single user. It takes each query's wait as free for the application's \
      processor, which has to put a thread to sleep and to wake it for each. A host is a processor \
      here. The metric is the time per request of {point}, the inverse of the throughput.
      """,
    limits: """
      The round trip is a wait of the thread behind each query, and no link: where the kernel \
      can't delay packets itself (netem is often not built in), a link of the laboratory needs a \
      processor for its relay, and application and database have both already. What the network \
      costs each host beside the wait is missing, and the split looks a little better for it. \
      Fewer queries per request move the crossing to fewer users, a longer way moves it to more. \
      Two hosts fail more often than one. A host that is twice as large does the same without a \
      round trip, as long as one is for sale.
      """,
    diagram: """
      flowchart LR
        subgraph before["one host: {one host}"]
          direction LR
          u0["{point}"] --> h["application and PostgreSQL"]
        end
        subgraph after["own host: {own host}"]
          direction LR
          u1["{point}"] --> a["application"] -- "0.5 ms, four times" --> d["PostgreSQL"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "users", [1, 2, 4, 8, 16], smoke: 2, label: { $0 == 1 ? "1 user" : "\($0) users" }),
    needs: SplitServers.needs,
    tolerates: loadTolerates,
    work: { Work(elements: Double(SplitServers.each * $0), each: "request") },
    variants: [
      variant("one host", "together", together), variant("own host", "apart", apart),
    ],
    demands: Demands { point in
      let demand = try together(point, users: 1).demand()
      return [
        "request on one host": demand.whole, "application of it": demand.application,
        "the same on two hosts": try apart(point, users: 1).demand().whole,
      ]
    },
    headline: DeclaredHeadline(value: 16, variant: "own host"),
    model: { question throws(MissingNumber) in
      guard let whole = question.demand("request on one host"),
        let application = question.demand("application of it"),
        let alone = question.demand("the same on two hosts")
      else { return nil }
      guard !question.isBaseline else { return Model(whole.named("both on one processor")) }
      let users = question.value
      // In units of a request on one host.
      let each = Ratio.function("MVA(\(users))", of: application / whole, alone / whole) {
        let demands = [$0, max(0, 1 - $0)]
        return 1
          / Queueing.closedNetwork(users: users, think: max(0, $1 - 1), demands: demands).throughput
      }
      return Model((each * whole).named("two processors and the ways between"))
    })
}

@Sendable private func together(_ point: Point, users: Int) throws -> SplitServers {
  try SplitServers(point, users: users, isApart: false)
}

@Sendable private func apart(_ point: Point, users: Int) throws -> SplitServers {
  try SplitServers(point, users: users, isApart: true)
}

private func variant(
  _ name: String, _ shows: String,
  _ place: @escaping @Sendable (Point, Int) throws -> SplitServers
) -> Variant {
  Variant(
    name, shows: [shows], prepare: { try place($0, $0.value) },
    run: { servers in orEnd { try servers.serve() } })
}
