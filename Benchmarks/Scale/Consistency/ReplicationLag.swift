import Glibc
import Harness
import Results
import Simulation

extension Experiment {
  /// A bulk job in the stream of changes that a replica applies.
  static let replicationLag = Experiment(
    id: "scale/replication-lag",
    title: "A bulk job at once → in paced pieces",
    slot: "scale/100k/read-write",
    claim: """
      A job of 6,000 changes puts a replica that is half busy behind by more than five seconds; \
      paced at 90% of what the replica has left, the p99 of the lag is 40 ms, and the job takes 12 \
      seconds. On a replica that is 80% busy the lag is 100 ms, and the job takes half a minute.
      """,
    mechanism: """
      A replica applies changes in one order. What the primary did in a second on many threads, \
      the replica does one after the other: the lag is the queue before it, the job's work at \
      first, and it drains only by the capacity that is left, 1 − load. Paced, the job takes just \
      that capacity, as long as the queue would have taken to drain. The job is not slower for the \
      replica: it is over at about the same time. The formula takes the paced queue as settled, which \
      at 98% busy takes longer than the job.
      """,
    limits: """
      A single change that is large (an index, an update of all rows) can't be paced: the replica \
      stands for its whole duration. Replicas that apply in parallel are behind less. The pace \
      must follow the replica's lag, not a fixed rate, since the load of others moves. Readers of \
      the replica see old rows meanwhile; those that must not go to the primary, which the job \
      loads.
      """,
    diagram: drawing(of: [
      "at once": replica(load: 0.5, isPaced: false), "paced": replica(load: 0.5, isPaced: true),
    ]),
    sweep: .count("load", [20, 50, 70, 80], smoke: 50, label: { "\($0) % load" }),
    metric: .reported("p99 lag", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["mean lag", "longest lag of the job"],
    work: { Work(elements: job + 100 * 1_000 * Double($0) / 100, each: "change") },
    variants: [
      variant("at once", isPaced: false), variant("paced", isPaced: true),
    ],
    uncertain: [.serviceVariation],
    model: { question in
      let load = Double(question.value) / 100
      // At once the queue falls on a straight line from the job's work; of the changes of 100 s the
      // worst hundredth came in the second after the job. Paced, a queue of load + 0.9 (1 − load), in
      // which the share of the changes that meet it waits, and the paced ones come evenly.
      let drains = job / 1_000 / (1 - load)
      let slowest = question.isBaseline ? job / 1_000 * max(0, 1 - 1 / drains) : 0
      let busy = question.isBaseline ? load : load + 0.9 * (1 - load)
      let seconds = job / (1_000 * 0.9 * (1 - load))
      let share = question.isBaseline ? 1 : seconds * 1_000 * busy / (job + 100_000 * load)
      let evenness = (1 + load / busy) / 2
      return Model(
        Time.exactly(1e9 * slowest).named("the job's work before them")
          + Time.exactly(1e6 * evenness * log(100 * share) / (1 - busy)).named("p99 in the queue"),
        per: .metric)
    })
}

private let job = 6_000.0

/// 1,000 changes per second are its capacity. The job comes within a second, 20 s after the start.
private func replica(load: Double, isPaced: Bool, variation: Double = 1) -> System {
  let apply = Tier("replica", service: .varying(mean: .milliseconds(1), by: variation))
  let pace = Tier("pace", service: .exactly(.milliseconds(1 / (0.9 * (1 - load)))))
  let burst: [Arrivals.RatePoint] = [
    .init(at: .zero, perSecond: 0), .init(at: .seconds(20), perSecond: 0),
    .init(at: .seconds(20), perSecond: job), .init(at: .seconds(21), perSecond: job),
    .init(at: .seconds(21), perSecond: 0), .init(at: .seconds(1_000), perSecond: 0),
  ]
  return System {
    Source("changes", .poisson(perSecond: 1_000 * load), to: apply)
    Source("job", .varying(burst), to: isPaced ? pace.then(apply) : apply.route)
  }
}

private func variant(_ name: String, isPaced: Bool) -> Variant {
  Variant(system: name, shows: ["replica"]) { point in
    SimulatedSystem(
      system: replica(
        load: Double(point.value) / 100, isPaced: isPaced, variation: point[.serviceVariation]),
      time: .seconds(110), warmUp: .seconds(10))
  } figures: { outcome in
    [
      "p99 lag": .seconds(outcome["changes"].response.percentile(99)),
      "mean lag": .seconds(outcome["changes"].response.mean),
      "longest lag of the job": .seconds(outcome["job"].response.highest),
    ]
  }
}
