import Harness
import Results
import Simulation
import Techniques

extension Experiment {
  /// A query over all series of a metric, with users among its labels or not.
  static let cardinality = Experiment(
    id: "scale/cardinality",
    title: "A label for each user → for the hundred busiest, and the others together",
    slot: "scale/1m/observability",
    claim: """
      A label with 10,000 users makes about ten times as many series as one with the hundred \
      busiest and a rest, not the hundred times of the product of all label values, and a query \
      over all of them is slower by as much.
      """,
    mechanism: """
      Each combination of values that occurs is a series with memory of its own, and a query over \
      the metric reads them all. The product of the numbers of values is their upper bound. Most \
      combinations of rare users and rare routes never occur in the time for which series are \
      kept, so that there are fewer; but they grow with the time and the traffic, which the \
      product does not say.
      """,
    limits: """
      A table of counters stands for the database of series here: an index, chunks of samples and \
      names take hundreds of bytes more for each. A label whose values are replaced (a pod, a \
      version) makes new series with each deployment, and the old ones stay for the retention. \
      Single users belong into logs and traces.
      """,
    diagram: """
      flowchart LR
        e["events: route, status, user"]
        e -- "{point}" --> a["series: {every user}"]
        e -- "busiest 100 and others" --> b["series: {busiest users}"]
        a -- "{speedup}" --> b
      """,
    sweep: .count("users", [100, 1_000, 10_000], smoke: 1_000, label: { "\($0) users" }),
    signals: ["series", "bytes"],
    work: { _ in Work(elements: 1, each: "query") },
    variants: [
      variant("every user") { $0 }, variant("busiest users") { min($0, 100) },
    ],
    headline: DeclaredHeadline(value: 10_000, variant: "busiest users"),
    model: { question in
      let users = question.isBaseline ? question.value : min(question.value, 101)
      return Model(
        Ratio.exactly(Double(routes * statuses * users)).named("product of the label values"),
        per: .relative)
    })
}

private let (routes, statuses, events) = (20, 5, 100_000)

/// Counters by route, status and user; keys are made of all three.
private final class Metrics {
  var counters: [Int: Int] = [:]

  init(_ point: Point, user named: (Int) -> Int) {
    let users = KeyStream(.zipf(point.value, exponent: 0.8), seed: point.seed, "users")
    let paths = KeyStream(.zipf(routes, exponent: 1), seed: point.seed, "routes")
    let answers = KeyStream(.zipf(statuses, exponent: 2), seed: point.seed, "statuses")
    for _ in 0..<events {
      let user = named(users.next())
      counters[(user * routes + paths.next()) * statuses + answers.next(), default: 0] += 1
    }
  }
}

/// Events of each route: every series is read.
@inline(never)
private func countByRoute(_ metrics: Metrics) -> UInt64 {
  var sums = [Int](repeating: 0, count: routes)
  for (key, count) in metrics.counters { sums[key / statuses % routes] += count }
  return sums.enumerated().reduce(0) { mixedHash($0 ^ UInt64($1.element)) &+ UInt64($1.offset) }
}

private func variant(_ name: String, user: @escaping @Sendable (Int) -> Int) -> Variant {
  Variant(
    name, shows: ["countByRoute"], prepare: { Metrics($0, user: user) },
    report: { metrics in
      [
        "series": Counter(Double(metrics.counters.count), unit: .count),
        // The words of keys and values, at the table's largest fill.
        "bytes": Counter(
          Double(metrics.counters.capacity) / 0.75 * Double(2 * MemoryLayout<Int>.size),
          unit: .bytes),
      ]
    }, run: { countByRoute($0) })
}
