import CostBenchmarks
import Harness
import Prices
import Results

extension Experiment {
  /// What a moved data centre costs by the calculator, and by the bill.
  static let fullTCO = Experiment(
    id: "migration/full-tco",
    title: "The cost of a move: instances and disks → everything that is billed",
    slot: "migration/cloud/assessment",
    claim: """
      Instances and disks, which is what calculators ask for, are a seventh of what twenty moved \
      servers cost per month in their first three years, and little more than a third at five \
      hundred. Most of the difference is people, whose number hardly depends on that of the \
      servers; the rest is egress, logs, support and both sides running at a time.
      """,
    mechanism: """
      Per server: an instance with 500 GB of disk; then what the calculator does not ask for: \
      bytes to the internet and between zones, logs, backups. On all of it support, a share of \
      the bill. Once, and spread over 36 months: both sides run until the move is over, and each \
      server takes its hours of work. People who run the platform are there for the first server \
      as for the hundredth, so that the estimate is most wrong for small moves. “Slower” means \
      dearer on this page: both columns are the same servers.
      """,
    limits: """
      What the old side costs is not here: power, space and hardware end, and may save more than \
      all of this; but they end when the last server is gone, not in proportion. Licences by core \
      (see `cost/per-core-licence`) can exceed everything else and are left out, as are discounts \
      for commitments. The price of support is an assumption, since its list is not in `Prices/`.
      """,
    diagram: """
      flowchart LR
        subgraph before["instances and disks: {instances and disks}"]
          c0["{point}"] --> i0["calculator"]
        end
        subgraph after["everything: {everything}"]
          direction LR
          c1["{point}"] --> i1["instances, disks"] --> t1["egress, zones, logs, backups"]
          t1 --> s1["support"]
          c1 --> p1["people, both sides"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("servers", [5, 20, 100, 500], smoke: 20, label: { "\($0) servers" }),
    metric: .dollars("cost"), work: { _ in Work(elements: 1, each: "month") },
    variants: [
      option("instances and disks", code: "listed", bill: listed),
      option("everything", code: "everything", "traffic", "once", bill: everything),
    ],
    rule: RuleOfThumb(
      "the calculator's sum and a margin of 20%", source: "practice of project estimates"),
    headline: DeclaredHeadline(value: 20, variant: "everything"))
}

private func listed(_ servers: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let disk = try Provider.aws.price("block.gp3") * Term<GigabyteMonths>.exactly(500)
  return
    (servers * (try Provider.aws.monthly("compute.m5.xlarge"))).named("instances")
    + (servers * disk).named("disks")
}

private func traffic(_ servers: Double) throws(MissingNumber) -> Bill {
  let egress = Ratio.assumed("GB per server to the internet", 100, in: 10...1_000)
  let zones = Ratio.assumed("GB per server between zones", 500, in: 50...5_000)
  let logs = Ratio.assumed("GB of logs per server", 20, in: 2...100)
  let backup = Term<GigabyteMonths>.exactly(500)
  let each =
    try Provider.aws.price("egress.10tb") * Term<Gigabytes>(egress)
    + Provider.aws.price("transfer.zone") * Term<Gigabytes>(2 * zones)
    + Provider.aws.price("logs.ingest") * Term<Gigabytes>(logs)
    + Provider.aws.price("storage.infrequent") * backup
  return servers * each
}

/// What is paid once, as a part of each of 36 months.
private func once(_ servers: Double, _ running: Bill) -> Bill {
  let months = Ratio.assumed("months in which both sides run", 6, in: 2...18)
  let hours = Ratio.assumed("hours of work to move a server", 40, in: 10...120)
  return ((months / .exactly(36)) * running).named("both sides at a time")
    + developers((servers / 36) * hours).named("moving")
}

private func everything(_ servers: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let instances = try listed(servers, question)
  let running = instances + (try traffic(servers)).named("egress, zones, logs, backups")
  let share = Ratio.assumed("support as a share of the bill", 0.07, in: 0.03...0.1)
  let people = Ratio.assumed("people who run the platform", 1, in: 0.5...3)
  return running + (share * running).named("support") + once(servers, running)
    + developers(140 * people).named("the platform's people")
}
