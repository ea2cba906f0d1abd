import Harness
import Results
import Statistics

extension Experiment {
  /// A container that may use two cores.
  static let cpuLimits = Experiment(
    id: "migration/cpu-limits",
    title: "A service that may use two cores: hard limit → shares",
    slot: "migration/cloud/containers",
    claim: """
      A hard limit of two cores stops a service that uses 0.2 on average for most of a tenth of a \
      second whenever a burst runs on more than two at once; shares let the burst run out on what \
      is idle, and protect the neighbours as well. Bursts that fit the quota see no difference.
      """,
    mechanism: """
      The kernel enforces a limit as a quota per period: 200 ms of CPU in each 100 ms \
      (`cpu.max`). Requests come in bursts of {point}, 20 ms of CPU each, a thread for each; \
      eight cores of the machine are idle. A burst that runs on eight cores has used the quota \
      after 25 ms, and then all its threads stand still until the next period begins: 75 ms in \
      which cores are idle. A burst of work W needs ⌈W ÷ 200 ms⌉ periods. With shares \
      (`cpu.weight`) two cores are what the service gets at least, when the others want theirs. \
      Mean utilisation shows none of it: `nr_throttled` in `cpu.stat` does.
      """,
    limits: """
      Simulated, in steps of half a millisecond: to make control groups needs rights that \
      containers rarely have. Shares promise nothing beyond two cores: on a full machine the \
      burst takes as long as with the limit. Who sells cores needs limits, and a runtime that \
      counts the machine's cores makes as many threads as it finds, which is what makes bursts \
      (set it to the limit). Linux can carry unused quota into a burst (`cpu.max.burst`, 5.14), \
      which helps small ones.
      """,
    diagram: """
      flowchart LR
        subgraph before["hard limit: {hard limit}"]
          direction LR
          b0["{point}"] -- "8 cores for 25 ms" --> q0["quota used"] -- "75 ms" --> n0["goes on"]
        end
        subgraph after["shares: {shares}"]
          direction LR
          b1["{point}"] -- "8 idle cores" --> d1["done"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "requests in a burst", [4, 10, 16, 32], smoke: 16, label: { "\($0) requests" }),
    metric: .reported("p90 response time", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["cores used on average", "periods with a stop"],
    work: { _ in Work(elements: ThrottledService.seconds, each: "second") },
    variants: [
      variant("hard limit", shows: "withQuota", withQuota),
      variant("shares", shows: "withShares", withShares),
    ],
    noUncertainty: """
      The quota's period is the kernel's, and bursts are the axis; how many cores are idle is a \
      choice.
      """,
    headline: DeclaredHeadline(value: 16, variant: "shares"),
    model: { question in
      let work = Double(question.value) * ThrottledService.demand
      let running = max(work / ThrottledService.idleCores, ThrottledService.demand)
      let whole = (work / ThrottledService.quota).rounded(.up) - 1
      guard question.isBaseline, whole > 0 else {
        return Model(Time.exactly(running * 1e9).named("work ÷ idle cores"), per: .metric)
      }
      let last = (work - whole * ThrottledService.quota) / ThrottledService.idleCores
      // A burst begins anywhere in its first period, of which nine tenths have no more than 0.9 left.
      return Model(
        Time.exactly((whole - 0.1) * ThrottledService.period * 1e9).named("until the last period")
          + Time.exactly(last * 1e9).named("the last one's work"), per: .metric)
    })
}

private func variant(
  _ name: String, shows: String, _ mayRun: @escaping ThrottledService.Rule
) -> Variant {
  Variant(simulated: name, shows: [shows]) { ThrottledService.replication($0, mayRun) }
}

/// CPU seconds of a step, until the quota of its period is used.
private func withQuota(_ wanted: Double, _ used: Double) -> Double {
  min(wanted, max(0, ThrottledService.quota - used))
}

private func withShares(_ wanted: Double, _ used: Double) -> Double { wanted }
