import Harness
import Results

extension Experiment {
  /// Replicas as large as the primary, or smaller ones and more of them.
  static let replicaSize = Experiment(
    cost: "replica-size", "storage/read-replicas",
    title: "Read replicas: as large as the primary → half as large",
    claim: """
      Smaller replicas save a tenth where almost nothing is written, since fewer of them stand \
      idle in part, and cost more with every write: each replica replays all writes, however \
      small it is. When writes take 40% of the primary's capacity, replicas of half the size cost \
      twice as much; from some 60% on they never catch up.
      """,
    mechanism: """
      A replica spends on replay what writes cost, in full, and has the rest for reads. Half a \
      machine has half the capacity and the same writes to replay. Its rest is smaller than half, so \
      that more than twice as many are needed. Where the writes fill it, it never catches up, and \
      its lag grows without bound. What smaller ones save is the last machine that is only partly \
      used, and that only where replicas are few.
      """,
    limits: """
      Replay of a log is cheaper than the write was, by a factor that is an input; on one thread it \
      is limited earlier. Storage that replicas share needs no replay of pages. Smaller caches miss \
      more, which is not counted.
      """,
    diagram: """
      flowchart LR
        subgraph before["equal: {equal}"]
          w0["writes: {point}"] --> p0["replay on each"] --> r0["rest for reads"]
        end
        subgraph after["half: {half}"]
          w1["writes: {point}"] --> p1["the same replay on each"] --> r1["less than half the rest"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "capacity that writes take on the primary", [1, 5, 10, 20, 30, 40, 60], smoke: 20,
      label: { "\($0) %" }),
    rule: RuleOfThumb(
      "replicas may be smaller than the primary",
      source: "Amazon RDS documentation, Working with read replicas: other instance class"),
    options: [
      option(
        "equal", code: "replicas",
        bill: { writes, _ throws(MissingNumber) in try replicas(size: 1, writes) }),
      option(
        "half", code: "replicas",
        bill: { writes, _ throws(MissingNumber) in try replicas(size: 0.5, writes) }),
    ])
}

/// Reads that need four primaries' worth of capacity.
private let reads = 4.0

/// A db.m6g.xlarge in two zones is twice a machine with a standby: half of its price is one.
private func replicas(size: Double, _ percent: Double) throws(MissingNumber) -> Bill {
  let cheaper = Ratio.assumed("cost of replaying a write over that of the write", 0.6, in: 0.3...1)
  let busy = Ratio.assumed("share of its capacity that a replica may use", 0.7, in: 0.5...0.85)
  let needed = Ratio.function("replicas for the reads", of: cheaper, busy) { cheaper, busy in
    let rest = size * busy - cheaper * percent / 100
    // One that can't replay in time is of no use: as many as a team would try before it noticed.
    return rest > 0.02 ? min(100, (reads * busy / rest).rounded(.up)) : 100
  }
  let whole = try 0.5 * Provider.aws.monthly("database.m6g.xlarge.multi")
  return ((size * needed) * whole).named("replicas")
}
