import CitedData
import Glibc
import Harness
import Results
import Simulation
import Techniques

extension Experiment {
  /// Pages of twenty calls from another continent, some of which must go home.
  static let readLocal = Experiment(
    id: "scale/read-local",
    title: "All calls to one region → reads to a replica nearby",
    slot: "scale/100k/geography",
    claim: """
      With replicas in the user's region and 1% of calls that must go home, the mean page of \
      twenty calls is 31 times as fast and its p95 14 times; with 5% such calls the p95 gains six \
      times, with 20% less than three, unless those calls are made at once.
      """,
    mechanism: """
      A page waits for all of its calls, one after the other. A local call takes 2 ms, one home a \
      round trip. With a share h of calls that go home (writes, and reads that must see them) the \
      mean page has 20 h of them. The p95 has more: of twenty calls with 5% each, one page in \
      twenty has three or more. The gain for calls is not the gain for pages.
      """,
    limits: """
      What a replica returns is behind by its lag (scale/replication-lag); a session that must \
      read its own writes sends those reads home (scale/read-your-writes), which raises h. Calls \
      that don't depend on each other can be made at once: then one call home costs as much as \
      twenty.
      """,
    diagram: """
      flowchart LR
        u["page of 20 calls"]
        u -- "all calls" --> h["home: {all calls home}"]
        u -- "reads" --> r["replica nearby: {reads nearby}"]
        u -- "reads, and all calls home at once" --> p["replica nearby: {and home at once}"]
        h -- "{speedup} at {point}" --> r
      """,
    sweep: .count(
      "share that must go home", [1, 5, 20, 50], smoke: 5, label: { "\($0) % of calls" }),
    metric: .reported("p95 of a page", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["mean of a page"],
    work: { _ in Work(elements: Double(pages), each: "page") },
    variants: [
      Variant(simulated: "all calls home", shows: ["page"]) { measured($0, .home) },
      Variant(simulated: "reads nearby", shows: ["page"]) { measured($0, .nearby) },
      Variant(simulated: "and home at once", shows: ["page"]) { measured($0, .together) },
    ],
    uncertain: [calls],
    headline: DeclaredHeadline(value: 5, variant: "reads nearby"),
    model: { question in
      let (share, calls) = (Double(question.value) / 100, calls.estimate)
      let trips: Double =
        switch question.variant {
        case "all calls home": calls
        case "reads nearby": calls * share
        default: 1 - pow(1 - share, calls)
        }
      return Model(
        Time.exactly(1e6 * trips * trip).named("calls home on average")
          + Time.exactly(1e6 * calls * local * (question.isBaseline ? 0 : 1 - share))
          .named("calls nearby"), per: .metric)
    })
}

private enum Reads { case home, nearby, together }
private let pages = 20_000
private let calls = UncertainInput("items.page", named: "calls of a page")
/// Milliseconds: from Frankfurt to Virginia, and within a region.
private let (trip, local) = (RegionDelays.roundTrip("frankfurt", "virginia"), 2.0)

/// Milliseconds of a page whose calls come one after the other, but those home together if asked.
private func page(
  _ reads: Reads, calls: Int, share: Double, _ random: inout RandomStream
) -> Double {
  var (time, home, longest) = (0.0, 0.0, 0.0)
  for _ in 0..<calls {
    let goesHome = random.happens(with: share)
    let spread = 0.9 + random.exponential(mean: 0.1)
    if reads == .home || goesHome {
      home += trip * spread
      longest = max(longest, trip * spread)
    } else {
      time += local * spread
    }
  }
  return time + (reads == .together ? longest : home)
}

private func measured(_ point: Point, _ reads: Reads) -> Replication {
  var random = RandomStream(seed: point.seed, "calls")
  let calls = Int(point[calls].rounded())
  let times = (0..<pages).map { _ in
    page(reads, calls: calls, share: Double(point.value) / 100, &random) / 1_000
  }.sorted()
  return Replication(
    offered: mixedHash(point.seed),
    figures: [
      "p95 of a page": .seconds(times[pages * 95 / 100]),
      "mean of a page": .seconds(times.reduce(0, +) / Double(pages)),
    ])
}
