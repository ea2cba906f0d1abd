import Glibc
import Harness
import Results
import Statistics

extension Experiment {
  /// Sessions in a server's memory, when it is replaced.
  static let drain = Experiment(
    id: "migration/drain",
    title: "Sessions on a server that is replaced: cut → drain",
    slot: "migration/performance/blue-green",
    claim: """
      Draining for the mean length of a session leaves more than half of the open ones to be \
      cut, not the third that the mean suggests: those that are open now are the long ones. Half \
      an hour more halves the rest; only sessions that can move make the end short.
      """,
    mechanism: """
      Sessions last ten minutes in the mean, log-normal with σ = 1.5: half are over after three \
      minutes, some last hours. At a random moment a session is open in proportion to its \
      length, so that the length of the open ones is log-normal about σ² higher in the \
      logarithm, and what is left of it is a uniform part. The whiteboard's e^(−T ÷ mean) holds \
      for exponential lengths only. The share that is left after T is Φ((m + σ² − ln T) ÷ σ) − T \
      ÷ mean · Φ((m − ln T) ÷ σ), with the mean e^(m + σ² ÷ 2). A thousand sessions are open \
      when the balancer sends new ones elsewhere.
      """,
    limits: """
      Two versions run beside each other for the whole drain; ten releases a day of two hours' \
      draining each never end. Sessions in a shared store can move at any moment, and then a cut \
      breaks nothing but a request under way. Websockets, uploads and database transactions have \
      their own distributions: measure the lengths of those that are open, not of those that \
      end.
      """,
    diagram: """
      flowchart LR
        subgraph before["cut: {cut}"]
          direction LR
          o0["1,000 open sessions"] --> c0["all cut"]
        end
        subgraph after["drain: {drain}"]
          direction LR
          o1["1,000 open sessions"] -- "{point}" --> c1["the rest is cut"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "draining", [1, 10, 40, 120], smoke: 10, label: { "\($0) min of draining" }),
    metric: .reported("sessions cut", unit: .count, lowerIsBetter: true),
    signals: ["expected from the mean"],
    work: { _ in Work(elements: sessions, each: "session") },
    variants: [variant("cut", drains: false), variant("drain", drains: true)],
    uncertain: [spread],
    headline: DeclaredHeadline(value: 10, variant: "drain"),
    model: { question in
      guard !question.isBaseline else {
        return Model(Ratio.exactly(sessions).named("sessions that are open"), per: .metric)
      }
      let (time, spread) = (Double(question.value), spread.estimate)
      let centre = log(mean) - spread * spread / 2
      let longer = normal(below: (centre + spread * spread - log(time)) / spread)
      let outlasts = time / mean * normal(below: (centre - log(time)) / spread)
      return Model(
        Ratio.exactly(sessions * (longer - outlasts)).named("sessions with more to come"),
        per: .metric)
    })
}

private let sessions = 1_000.0
/// Minutes of a session.
private let mean = 10.0
/// Of the logarithm of a length.
private let spread = UncertainInput("standard deviation of lengths", 1.5, in: 0.5...2)

private func variant(_ name: String, drains: Bool) -> Variant {
  Variant(simulated: name, shows: ["cutSessions"]) { point in
    let time = drains ? Double(point.value) : 0
    let (cut, digest) = cutSessions(after: time, spread: point[spread], seed: point.seed)
    let expected = sessions * exp(-time / mean)
    return Replication(
      offered: digest,
      figures: [
        "sessions cut": .count(Double(max(1, cut))), "expected from the mean": .count(expected),
      ])
  }
}

/// Sessions come all the time; those that are open at one moment are looked at.
private func cutSessions(
  after minutes: Double, spread: Double, seed: UInt64
) -> (cut: Int, digest: UInt64) {
  var random = SeededGenerator(seed: seed)
  let centre = log(mean) - spread * spread / 2
  var (cut, open, digest) = (0, 0, UInt64(0))
  // So long before the moment that hardly any session lasts until it.
  let history = 60 * 24.0
  while open < Int(sessions) {
    let length = exp(centre + spread * random.normal())
    let left = length - history * random.share()
    digest = mixed(digest ^ length.bitPattern)
    guard left > 0 else { continue }
    open += 1
    if left > minutes { cut += 1 }
  }
  return (cut, digest)
}
