import Harness
import Results

extension Experiment {
  /// The monthly bill of a shop as it grows from 1,000 to 10,000 users.
  static let spend = Experiment(
    id: "cost/spend", title: "The bill of a growing shop: tiers by habit → sized by its demand",
    slot: "scale/10k/architecture",
    claim: """
      A shop for 10,000 users needs a part of one core: what it pays is the tiers that it has by \
      habit, and the bytes it sends. One server and a standby cost more than the curriculum's \
      figure at 1,000 users, less than half of it at 5,000 and a quarter at 10,000, where half of \
      that is egress.
      """,
    mechanism: """
      A user who is active sends a request every eight seconds; a tenth of the users are active at \
      the busiest hour. A request takes what it takes on this machine, so that the cores follow from \
      the users. Egress follows from the bytes of the month, which are those of the mean hour and \
      not of the busiest one. Balancer, network gateway, cache and a database in two zones cost the \
      same at 1,000 users as at 10,000. The curriculum claims $100 a month at 1,000 users, $500 at \
      5,000 and $1,200 at 10,000.
      """,
    limits: """
      A second zone, a managed database and a balancer are bought for failures and for sleep, not for \
      load: what they save is in downtime and failover. Pictures of a real shop are larger than the \
      Shop's. Logs, backups, monitoring and people are not in it; people cost more than all of it.
      """,
    diagram: """
      flowchart LR
        subgraph before["tiers: {tiers}"]
          u0["{point}"] --> b0["balancer"] --> w0["two servers"] --> d0["database in two zones"]
          w0 --> c0["cache"]
        end
        subgraph after["by demand: {by demand}"]
          u1["{point}"] --> s1["server, and a standby"]
        end
        claimed["claimed: {claimed}"]
        before -- "{speedup}" --> after
      """,
    sweep: .count("users", [1_000, 5_000, 10_000], smoke: 1_000, label: { "\($0) users" }),
    metric: .dollars("cost"), work: { _ in Work(elements: 1, each: "month") },
    variants: [
      option("tiers", code: "tiers", "servers", "egress", bill: tiers),
      option("claimed", code: "claimed", isReference: true, bill: claimed),
      option("by demand", code: "byDemand", "servers", "egress", bill: byDemand),
    ],
    headline: DeclaredHeadline(value: 10_000, variant: "by demand"))
}

private func claimed(_ users: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let dollars = users <= 1_000 ? 100.0 : users <= 5_000 ? 500 : 1_200
  return Term<Dollars>.input(
    "the curriculum's figure", dollars, low: dollars, high: dollars, source: "curriculum"
  ).times(1)
}

private let active = Ratio.assumed("share of users active at the busiest hour", 0.1, in: 0.03...0.5)
private let pause = Ratio.assumed("seconds between two requests", 8, in: 4...20)

/// Requests per second at the busiest hour.
private func peak(_ users: Double) -> Ratio { users * (active / pause) }

/// Servers of two cores for the busiest hour, at least `least`.
private func servers(
  _ users: Double, least: Double, _ question: Question
) throws(MissingNumber) -> Bill {
  let each = try question.time("shop.request") / Time.exactly(1e9)
  let busy = Ratio.assumed(
    "share of its cores that a server uses at the busiest hour", 0.5, in: 0.3...0.7)
  let needed = (peak(users) * each / (2 * busy)).roundedUp
  return (longest(needed, .exactly(least)) * (try Provider.aws.monthly("compute.c7g.large")))
    .named("servers")
}

private func egress(_ users: Double) throws(MissingNumber) -> Bill {
  let mean = Ratio.assumed("mean load over that of the busiest hour", 0.4, in: 0.2...0.7)
  let page = Size.assumed("bytes of a response", 12_000, in: 2_000...60_000)
  let bytes = (730 * 3_600) * ((peak(users) * mean) * page)
  return (try Provider.aws.price("egress.10tb") * bytes.moved).named("egress")
}

private func tiers(_ users: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let disk = Term<GigabyteMonths>.exactly(100)
  return try servers(users, least: 2, question) + egress(users)
    + Provider.aws.monthly("database.m6g.xlarge.multi").named("database in two zones")
    + (Provider.aws.price("database.storage") * disk).named("storage")
    + Provider.aws.monthly("cache.m4.large").named("cache")
    + Provider.aws.monthly("balancer.hour").named("balancer")
    + Provider.aws.monthly("nat.hour").named("network gateway")
}

private func byDemand(_ users: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let disk = Term<GigabyteMonths>.exactly(2 * 100)
  return try servers(users, least: 2, question) + egress(users)
    + (Provider.aws.price("block.gp3") * disk).named("storage")
}
