import Glibc
import Harness
import Results
import Simulation
import Techniques

extension Experiment {
  /// Traces that are kept at random, or judged when they are complete.
  static let tailSampling = Experiment(
    id: "scale/tail-sampling",
    title: "Keep 5% of the traces → judge each at its end",
    slot: "scale/1m/observability",
    claim: """
      Judging traces after a wait keeps the bad ones only as long as all traces of that wait fit \
      into the sampler's memory: with 50,000 places it keeps half of the bad traces after 10 s, \
      but 29% after 20 s and 21% after 40 s, where 93% have ended in time.
      """,
    mechanism: """
      A trace is bad by its end: it failed, or it was slow. A sampler that decides after D seconds \
      misses what ends later, so that a longer wait seems better. It also has to hold rate × D \
      traces. Where these are more than its places, the oldest are thrown away undecided, which \
      are those whose time to be judged was next: then none is judged. Load rises when things go \
      wrong, so that it happens during the incident.
      """,
    limits: """
      A place is a trace here, whatever its size; memory per trace varies. The traces that are \
      kept by chance alone stay in both. A sampler that keeps a trace at the first error span \
      needs no wait for errors, but for slow traces it does. All spans of a trace must reach the \
      same sampler, and clocks that differ end traces too early.
      """,
    diagram: """
      flowchart LR
        s["services"] -- "5% at random" --> h["head sampling: {head sampling}"]
        s -- "all spans" --> b["50,000 places"]
        b -- "after the wait" --> t["tail sampling: {tail sampling}"]
        s -- "all spans" --> c["200,000 places: {four times the memory}"]
        h -- "{speedup} at {point}" --> t
      """,
    sweep: .count("wait", [5, 10, 20, 30, 40], smoke: 10, label: { "a wait of \($0) s" }),
    metric: .share("bad traces kept", lowerIsBetter: false),
    signals: ["thrown away undecided"],
    work: { _ in Work(elements: 1_400 * length, each: "trace") },
    variants: [
      Variant(simulated: "head sampling", shows: ["sampled"]) {
        sampled(wait: nil, places: 0, $0)
      },
      Variant(simulated: "tail sampling", shows: ["sampled"]) {
        sampled(wait: Double($0.value), places: 50_000, $0)
      },
      Variant(simulated: "four times the memory", shows: ["sampled"]) {
        sampled(wait: Double($0.value), places: 200_000, $0)
      },
    ],
    uncertain: [chance, badMean, surge],
    headline: DeclaredHeadline(value: 20, variant: "tail sampling"),
    model: { question in
      let wait = Double(question.value)
      // Bad traces are exponential with a mean of 15 s; those that end later are kept by chance.
      let inTime = 1 - exp(-wait / badMean.estimate)
      let kept = question.isBaseline ? chance.estimate : inTime + (1 - inTime) * chance.estimate
      return Model(
        Term<Percent>.exactly(100 * kept).named("ended before the decision, or by chance"),
        per: .metric)
    })
}

private let chance = UncertainInput("traces kept by chance", 0.05, in: 0.01...0.2)
private let badMean = UncertainInput("mean seconds of a bad trace", 15, in: 2...60)
private let surge = UncertainInput("load in the incident ÷ usual load", 3, in: 1...10)
private let length = 300.0

/// 1,000 traces per second of which 0.5% are bad; for a fifth of the time it is an incident: 3,000,
/// of which 5% are bad. All spans of a trace are there at its end.
private func sampled(wait: Double?, places: Int, _ point: Point) -> Replication {
  let seed = point.seed
  var arrivals = RandomStream(seed: seed, "arrivals")
  var (kinds, luck) = (RandomStream(seed: seed, "kinds"), RandomStream(seed: seed, "luck"))
  var starts: [Double] = []
  var bad: [(number: Int, end: Double, isLucky: Bool)] = []
  var (time, digest) = (0.0, UInt64(0))
  while time < length + 60 {
    let isIncident = time > 120 && time < 180
    time += arrivals.exponential(mean: isIncident ? 1 / (1_000 * point[surge]) : 1 / 1_000)
    starts.append(time)
    guard kinds.happens(with: isIncident ? 0.05 : 0.005) else { continue }
    let end = time + kinds.exponential(mean: point[badMean])
    digest = mixedHash(digest ^ end.bitPattern)
    bad.append((starts.count - 1, end, luck.happens(with: point[chance])))
  }
  bad.removeAll { starts[$0.number] > length }
  var (kept, thrown) = (0, 0)
  for trace in bad {
    // Thrown away when so many further traces have come before the decision.
    let last = trace.number + places
    let decision = starts[trace.number] + (wait ?? 0)
    let isThrown = wait != nil && last < starts.count && starts[last] < decision
    if isThrown { thrown += 1 }
    if trace.isLucky || (wait != nil && !isThrown && trace.end < decision) { kept += 1 }
  }
  return Replication(
    offered: digest,
    figures: [
      "bad traces kept": .share(Double(kept) / Double(bad.count)),
      "thrown away undecided": .share(Double(thrown) / Double(bad.count)),
    ])
}
