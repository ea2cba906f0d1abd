import Harness
import Results

extension Experiment {
  /// A database as a service, or on servers of one's own with people who know it.
  static let licenceOrSelfRun = Experiment(
    cost: "licence-or-self-run", "operations/licences",
    title: "Databases: as a service → on servers of one's own",
    claim: """
      Running databases oneself pays only for many of them: what the service adds to the price of a \
      server must first pay for the people who replace it.
      """,
    mechanism: """
      The service costs three quarters more than the server that it runs on. That is a fixed sum per \
      database, while the people are nearly a fixed sum for all: somebody has to know backups, \
      upgrades and failover, and somebody else while the first is away. The break-even is their cost \
      over the surcharge for each.
      """,
    limits: """
      A team that runs other systems already adds databases for less. Settings and versions that a \
      service does not offer have their own worth. What goes wrong with an untested restore is not \
      in the bill of either.
      """,
    diagram: """
      flowchart LR
        subgraph before["service: {service}"]
          d0["{point}"] --> s0["server and surcharge"]
        end
        subgraph after["self-run: {self-run}"]
          d1["{point}"] --> s1["server"]
          p1["people who know it"] -.- s1
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("databases", [3, 10, 30, 100, 300, 1_000], smoke: 30),
    rule: RuleOfThumb(
      "run it yourself from ten databases on", breakEven: 10, source: "folklore of database teams"),
    options: [
      option("service", code: "serviced", bill: serviced),
      option("self-run", code: "selfRun", bill: selfRun),
    ])
}

private func serviced(_ count: Double, _ question: Question) throws(MissingNumber) -> Bill {
  (count * (try Provider.aws.monthly("database.m5.large"))).named("databases")
}

private func selfRun(_ count: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let base = Ratio.assumed("hours of people for all, a month", 80, in: 20...240)
  let each = Ratio.assumed("hours of people for each, a month", 0.3, in: 0.1...1)
  // m5.large is half an m5.xlarge.
  let server = try Provider.aws.monthly("compute.m5.xlarge") / 2
  return (count * server).named("servers") + developers(base).named("people for all")
    + developers(count * each).named("people for each")
}
