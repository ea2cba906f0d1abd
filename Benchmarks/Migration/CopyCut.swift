import Harness
import Results
import Systems

extension Experiment {
  /// A database that moves to a far site while people write to it.
  static let copyCut = Experiment(
    id: "migration/copy-cut",
    title: "A database over a WAN: stop, copy, start → copy, catch up, cut over",
    slot: "migration/cloud/execution",
    claim: """
      Stopped, copied and started at the other side, a database is down for its bytes divided by \
      the bandwidth; copied while it is written to, with the changes sent after it, it is down \
      for a few round trips whatever its size, provided that changes come more slowly than the \
      link carries them.
      """,
    mechanism: """
      The drill: a snapshot is taken and sent, then what has been written since its position in \
      the log, again and again, until little is left; then writes are stopped, the rest is sent, \
      and the other side writes its first row. The position is read from the copy itself, so \
      that no change is missed and one that comes twice does no harm. In the baseline nothing is \
      written from the snapshot on. The link has 200 Mbit/s and a round trip of 10 ms, the \
      writer 1,000 changes per second. In a rehearsal the link is cut at a random moment of the \
      copy: what was being sent is sent again, while nothing is written in the baseline. In every \
      second process one side is killed instead, or the new side's disk is full for a while: a \
      new process goes on with the files that it finds, or begins again. Afterwards all \
      acknowledged changes are looked for in the new store, row by row.
      """,
    limits: """
      The log of changes is a table here that each write enters in its own transaction; where \
      there is none, triggers or the database's log must give it. Sequences, large objects and \
      schema changes do not travel in such a log. A link that loses packets carries far less \
      than its rate. Clients still have to find the new side: see `migration/dns-cut`. Minutes \
      of real databases scale: 1 TB at 1 Gbit/s is two and a quarter hours.
      """,
    diagram: """
      flowchart LR
        subgraph before["stop, copy, start: {stop, copy, start}"]
          direction LR
          s0["writes stop"] --> c0["{point} over the link"] --> o0["opened"]
        end
        subgraph after["catch up: {copy, catch up}"]
          direction LR
          c1["{point} over the link"] --> d1["changes since"] --> s1["writes stop"]
          s1 --> r1["the last changes"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .bytes("database", [256 << 10, 2 << 20], smoke: 256 << 10),
    metric: .reported("time down", unit: .nanoseconds, lowerIsBetter: true),
    signals: [
      "time of the whole drill", "changes sent after the copy", "rows wrong afterwards",
      "time down, link cut once", "rows wrong after a cut link",
      "rows wrong after kill -9 or a full disk",
    ],
    needs: [.links, .cores(2), .storage(bytes: MovingStore.bytes)],
    tolerates: loadTolerates, isMirrored: false, isRehearsed: false,
    work: { _ in Work(elements: 1, each: "cut-over") },
    variants: [
      variant("stop, copy, start", shows: "stopAndCopy", stopAndCopy),
      variant("copy, catch up", shows: "catchUp", catchUp),
    ],
    demands: Demands { point in
      let store = try MovingStore(point, isLinked: false)
      return ["snapshot": try store.snapshotTime(), "opening the copy": try store.openingTime()]
    },
    headline: DeclaredHeadline(value: 2 << 20, variant: "copy, catch up"),
    model: { question in
      guard let snapshot = question.demand("snapshot"),
        let opening = question.demand("opening the copy")
      else { return nil }
      let trip = Time.exactly(MovingStore.roundTrip * 1e9)
      guard question.isBaseline else {
        return Model(
          (2 * trip).named("last changes and first row, a round trip each"), per: .metric)
      }
      // A packet of 1,500 bytes carries 1,448.
      let bits = Double(question.value) * 8 * 1_500 / 1_448
      return Model(
        snapshot + Time.exactly(bits / MovingStore.rate * 1e9).named("bytes ÷ bandwidth")
          + opening + (2 * trip).named("copy and first row, a round trip each"), per: .metric)
    })
}

private func variant(
  _ name: String, shows: String, _ move: @escaping @Sendable (MovingStore) throws -> Void
) -> Variant {
  Variant(
    name, shows: [shows], environment: .ownNetwork,
    prepare: { point in
      let store = try MovingStore(point)
      try store.rehearse(point, name, move)
      return store
    }, report: { $0.report }, run: { $0.moved(by: move) })
}

private func stopAndCopy(_ store: MovingStore) throws {
  store.stopWrites()
  try store.sendSnapshot()
  try store.cutOver()
}

private func catchUp(_ store: MovingStore) throws {
  try store.sendSnapshot()
  while try store.sendChanges() > 50 {}
  store.stopWrites()
  _ = try store.sendChanges()
  try store.cutOver()
}
