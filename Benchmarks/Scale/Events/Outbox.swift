import Databases
import Glibc
import Harness
import Platform
import Results

extension Experiment {
  /// An order in a database and its event at a broker, and a `kill -9` between them.
  static let outbox = Experiment(
    id: "scale/outbox",
    title: "Commit and then publish → the event in the same transaction",
    slot: "scale/1m/events",
    claim: """
      A service that is killed between its commit and its message loses the event in about half of \
      the kills under load, or invents one in the other order; an outbox loses and invents none, \
      and sends some events twice.
      """,
    mechanism: """
      Two stores have no common transaction. Whatever is written first may be all there is. A busy \
      service is nearly always in one of the two steps, so that a kill falls between them as often \
      as the second step's share of the time. With an outbox the event is a row beside the order, \
      committed with it. A relay sends it and then deletes the row: killed between the two, it \
      sends again. At least once is what two stores can have; the consumer has to recognise what \
      it knows.
      """,
    limits: """
      The broker is a second file here, so that a step takes as long as a commit; over a network \
      the gap is longer. Nothing is lost by a killed process of what the kernel has: a power cut \
      needs the flush of each commit as well (storage/durability). Polling the outbox adds delay; \
      reading the database's log instead needs no second table.
      """,
    diagram: """
      flowchart LR
        s["service"]
        s -- "1" --> d["orders"]
        s -- "2" --> b["broker: {commit, then publish}"]
        s --> c["publish first: {publish, then commit}"]
        s -- "one transaction" --> o["orders and outbox: {outbox}"]
        o -- "relay" --> r["broker"]
        b -- "{speedup}" --> o
      """,
    sweep: .named("flush", ["of the log only", "at each commit"], smoke: 0),
    metric: .share("kills without a difference", lowerIsBetter: false),
    signals: ["lost events per kill", "invented events per kill", "doubled events per kill"],
    needs: [.storage(bytes: 8 << 20)],
    work: { _ in Work(elements: Double(orders), each: "order") },
    variants: [
      variant("commit, then publish", shows: "commitFirst", commitFirst),
      variant("publish, then commit", shows: "publishFirst", publishFirst),
      variant("outbox", shows: "byOutbox", byOutbox),
    ],
    model: { question in
      // Both steps are a commit of one row: the kill is between them in half of the time.
      let share = question.variant == "outbox" ? 100.0 : 50
      return Model(
        Term<Percent>.exactly(share).named("kills outside the second step"), per: .metric)
    })
}

private let orders = 16

private func commitFirst(_ stores: OrderFiles.Stores, _ order: Int, _ did: () -> Void) throws {
  try stores.commit(order)
  did()
  try stores.publish(order)
  did()
}

private func publishFirst(_ stores: OrderFiles.Stores, _ order: Int, _ did: () -> Void) throws {
  try stores.publish(order)
  did()
  try stores.commit(order)
  did()
}

private func byOutbox(_ stores: OrderFiles.Stores, _ order: Int, _ did: () -> Void) throws {
  try stores.commitWithEvent(order)
  did()
  try stores.relay(did)
}

/// What a call writes to, and what kills have left of files like it.
private final class Service {
  let write: OrderFiles.Write
  let stores: OrderFiles.Stores
  let reports: [String: Counter]
  private let folder: ScratchFolder
  private var next = 0

  init(_ point: Point, _ write: @escaping OrderFiles.Write) throws {
    self.write = write
    // After a crash the relay begins again, which has nothing to do without an outbox.
    reports = try OrderFiles.survey(seed: point.seed, flushes: point.value == 1, write) {
      try $0.relay()
    }
    folder = try ScratchFolder(bytes: 8 << 20)
    stores = try OrderFiles.Stores(in: folder.path, flushes: point.value == 1)
  }

  /// - Returns: orders that were written.
  func writeAll() -> UInt64 {
    do {
      for _ in 0..<orders {
        try write(stores, next) {}
        next += 1
      }
    } catch { fatalError("an order: \(error)") }
    return UInt64(orders)
  }
}

private func variant(_ name: String, shows: String, _ write: @escaping OrderFiles.Write) -> Variant
{
  Variant(
    name, shows: [shows], prepare: { try Service($0, write) }, report: { $0.reports },
    run: { $0.writeAll() })
}
