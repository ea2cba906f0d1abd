import Harness
import Results

extension Experiment {
  /// Replicas of a database for the hours in which they are needed.
  static let replicaHours = Experiment(
    cost: "replica-hours", "storage/read-replicas",
    title: "Replicas for the day's peak: all day → by load",
    claim: """
      Starting replicas for the day and stopping them at night saves four tenths on a small database \
      and nothing on one of many terabytes: a new replica has to copy all the data before it serves \
      a read.
      """,
    mechanism: """
      A server for requests is ready when it has booted. A replica is ready when it has a copy of \
      the data and has replayed what was written meanwhile, and then its caches are cold. All of \
      that is paid, every day. The hours of the copy grow with the size until they fill the night. A \
      replica's storage is paid for as long as it is there.
      """,
    limits: """
      A replica that is stopped with its volume kept needs only what was written meanwhile, if the \
      service allows that, and its storage is paid. Storage that replicas share needs no copy. The \
      provider's own copies between zones are free; those of a database that one runs oneself are \
      not. Reads that meet a cold replica are slow, which has no price here.
      """,
    diagram: """
      flowchart LR
        subgraph before["all day: {all day}"]
          r0["reads"] --> p0["four replicas, 24 hours"]
        end
        subgraph after["by load: {by load}"]
          c1["copy of {point}, each day"] --> p1["replicas for the peak"]
          r1["reads"] --> p1
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "database", [10, 100, 300, 1_000, 3_000, 10_000], smoke: 300, label: { "\($0) GB" }),
    rule: RuleOfThumb(
      "scale read replicas like servers", source: "provider's documentation of replica scaling"),
    options: [
      option(
        "all day", code: "replicas",
        bill: { gigabytes, _ throws(MissingNumber) in
          try replicas(.exactly(24), of: gigabytes)
        }),
      option("by load", code: "byLoad", bill: byLoad),
    ])
}

/// Three of four replicas are needed at the peak only.
private func replicas(_ hours: Ratio, of gigabytes: Double) throws(MissingNumber) -> Bill {
  let storage =
    try Provider.aws.price("database.storage")
    * Term<GigabyteMonths>.exactly(gigabytes)
  let each = try Provider.aws.monthly("database.m5.large") + storage
  return each.named("one all day")
    + ((3 * (hours / .exactly(24))) * each).named("three for the peak")
}

private func byLoad(_ gigabytes: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let peak = Ratio.assumed("hours of the peak", 10, in: 6...14)
  let rate = Ratio.assumed("GB that a new replica takes over in a second", 0.1, in: 0.03...0.3)
  let warm = Ratio.assumed("hours until its caches are warm", 0.5, in: 0.1...2)
  let copying = .exactly(gigabytes / 3600) / rate
  return try replicas(shortest(peak + warm + copying, .exactly(24)), of: gigabytes)
}
