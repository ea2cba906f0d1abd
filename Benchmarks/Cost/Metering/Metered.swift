import Harness
import Results

extension Experiment {
  /// Bills of which the amounts are metered on real work, beside the ones that are computed.
  static let metered = Experiment(
    id: "cost/metered",
    title: "Ten decisions, metered on the work itself: the first way → the other",
    slot: "cost/storage/compression",
    claim: """
      Ten decisions of this area, done for real on a small scale: the processor time, bytes, fetches \
      and stale answers that are metered, at the same prices, come to the bills that the decisions' \
      own formulas compute.
      """,
    mechanism: """
      A bill is amounts × prices. The pages of this area compute the amounts from rates of this \
      machine: a codec's ratio and speed on one block, a cache's hit ratio by Che's approximation, a \
      lifetime's fetches by a renewal cycle. Here the work is done on other seeded data: blocks are \
      compressed, records with and without a dictionary, a picture is decoded, shrunk and encoded, \
      requests go through a real cache. The processor time is that of the thread; bytes and fetches \
      are counted. Both are scaled to the month that the decision is about. The prediction is that \
      page's formula. The ways, and where on the page's axis: \(MeteredCase.list).
      """,
    limits: """
      Prices are the same on both sides, and so are assumptions that nothing here can meter: how much \
      of a core is used, how often data are read, what a stale answer costs. What is metered is the \
      amounts. The seeded data are of the same kind as those of the rates, with other content: real \
      data differ from both.
      """,
    diagram: """
      flowchart LR
        subgraph before["the first way: {before}"]
          w0["real work, {point}"] --> m0["CPU, bytes, requests"] -- "prices" --> b0["bill"]
        end
        subgraph after["the other way: {after}"]
          w1["real work, {point}"] --> m1["CPU, bytes, requests"] -- "prices" --> b1["bill"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .named(
      "decision", MeteredCase.all.map(\.name), smoke: 0, needs: { MeteredCase.all[$0].needs }),
    metric: .dollars("cost"),
    tolerates: [.preempted], isMirrored: false,
    work: { _ in Work(elements: 1, each: "month") },
    variants: [way("before", \.before), way("after", \.after)],
    model: { question throws(MissingNumber) in
      let metered = MeteredCase.all[question.value]
      let name = question.isBaseline ? metered.before : metered.after
      let bill: Bill? = try metered.experiment.outcome(of: name, at: metered.value, for: question)
      return bill.map { Model($0, per: .metric) }
    })
}

/// The work of one of a decision's options, and its bill.
private final class Till {
  private let work: () throws -> Bill
  private(set) var dollars = 0.0

  init(_ metered: MeteredCase, _ option: String, seed: UInt64) throws {
    work = try metered.prepare(option, seed)
  }

  /// Returns 0.
  func ring() -> UInt64 {
    do { dollars = try work().value } catch { fatalError("a bill: \(error)") }
    return 0
  }
}

private func way(_ name: String, _ option: KeyPath<MeteredCase, String> & Sendable) -> Variant {
  Variant(
    name, shows: ["Till"],
    prepare: { point in
      let metered = MeteredCase.all[point.value]
      return try Till(metered, metered[keyPath: option], seed: point.seed)
    },
    report: { ["cost": Counter($0.dollars, unit: .dollarsPerMonth)] }, run: { $0.ring() })
}
