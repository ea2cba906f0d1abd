import Harness
import Results

extension Experiment {
  /// Test systems at night and on weekends.
  static let scheduledOff = Experiment(
    cost: "scheduled-off", "compute/prediction",
    title: "A test system for a team: always on → on in working hours",
    claim: """
      Switching a test system off outside working hours saves two thirds of its servers, unless it \
      is so small that the minutes in which people wait for it cost more.
      """,
    mechanism: """
      A week has 168 hours and about 50 in which somebody works. What is saved is proportional to \
      the servers; what it costs is not: the morning's start, the evenings on which somebody needs \
      the system, and the times at which it does not come back as it was. Volumes are paid whether \
      the servers run or not.
      """,
    limits: """
      Committed servers save nothing when they are off: schedule what is paid by the hour. A system \
      that starts in minutes on request needs no schedule. Production has its night too: see the \
      experiments on scaling.
      """,
    diagram: """
      flowchart LR
        subgraph before["always on: {always on}"]
          s0["{point}"] --> h0["168 hours a week"]
        end
        subgraph after["working hours: {working hours}"]
          s1["{point}"] --> h1["about 50 hours a week"]
          h1 -.- w1["starts, and people who wait"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("servers", [1, 3, 10, 30, 100, 300], smoke: 10),
    rule: RuleOfThumb(
      "switch off what nobody uses at night: it saves two thirds", breakEven: 1,
      source: "118 of 168 hours"),
    options: [
      option(
        "always on", code: "running",
        bill: { servers, _ throws(MissingNumber) in
          try running(servers, .exactly(168))
        }),
      option("working hours", code: "scheduled", bill: scheduled),
    ])
}

private func running(_ servers: Double, _ hours: Ratio) throws(MissingNumber) -> Bill {
  let server = (hours / .exactly(168)) * (try Provider.aws.monthly("compute.m5.xlarge"))
  let volume = try Provider.aws.price("block.gp3") * Term<GigabyteMonths>.exactly(100)
  return servers * (server.named("servers") + volume.named("volumes"))
}

private func scheduled(_ servers: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let hours = Ratio.assumed("hours on in a week", 55, in: 45...80)
  let waiting = Ratio.assumed("hours in which people wait, a month", 2, in: 0.5...8)
  return try running(servers, hours) + developers(waiting).named("people who wait")
}
