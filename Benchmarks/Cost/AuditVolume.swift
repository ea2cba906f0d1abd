import Harness
import Results

extension Experiment {
  /// An audit trail of seven years.
  static let auditVolume = Experiment(
    cost: "audit-volume", "operations/compliance",
    title: "An audit trail for seven years: every event in the log service → required ones, packed",
    claim: """
      Taking events in is what costs: seven years of storage cost less than a log service charges \
      on the first day. Leaving events out saves as much as their share; packing the others into \
      objects in a cold class saves nearly all the rest. Below some two hundred events a second \
      the service is cheaper than somebody who runs anything.
      """,
    mechanism: """
      A log service charges for each gigabyte once, when it comes, some twenty times a month of the \
      same gigabyte in an object store. An audit trail is hardly ever searched, so that searching \
      needs no service: events are collected, compressed in large blocks and written as objects of \
      some megabytes into a cold class. The ratio is this machine's for logs. Somebody has to run \
      that, which decides at small volumes.
      """,
    limits: """
      What must be kept, how long and how it is protected against change is for lawyers; an object \
      store with a lock on objects does the last. An investigation reads everything once, at the \
      cold class's price. Events that nobody required are also events that nobody can misuse.
      """,
    diagram: """
      flowchart LR
        subgraph before["log service: {log service}"]
          e0["{point}, all events"] --> l0["taken in by the GB"]
        end
        subgraph after["packed: {packed}"]
          e1["required events"] --> z1["compressed blocks"] --> c1["cold class, 7 years"]
        end
        other["every event, packed: {every event, packed}"]
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "events per second", [1, 5, 20, 100, 1_000, 10_000], smoke: 100,
      label: { $0 == 1 ? "1 event/s" : "\($0) events/s" }),
    rule: RuleOfThumb(
      "send everything to the log service", source: "quick starts of audit logging"),
    options: [
      option("log service", code: "ingested", bill: ingested),
      option(
        "every event, packed", code: "packed",
        bill: { rate, question throws(MissingNumber) in try packed(.exactly(rate), question) }),
      option("packed", code: "packed", bill: required),
    ])
}

private let months = 84.0
private let event = Size.assumed("bytes of an event", 500, in: 200...1_500)

private func arriving(_ rate: Ratio) -> Size { (730 * 3_600) * (rate * event) }

/// The service stores what it takes in compressed: to about 0.15 of it.
private func ingested(_ rate: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let bytes = arriving(.exactly(rate))
  let share = Ratio.assumed("share of the bytes that the service stores", 0.15, in: 0.1...0.3)
  return (try Provider.aws.price("logs.ingest") * bytes.moved).named("taking in")
    + (try Provider.aws.price("logs.storage") * (months * (share * bytes)).kept).named("storage")
}

private func packed(_ rate: Ratio, _ question: Question) throws(MissingNumber) -> Bill {
  let bytes = arriving(rate) / (try question.ratio("codec.zstd-3.logs.ratio"))
  let object = Size.assumed("bytes of an object", 16e6, in: 1e6...128e6)
  let work = arriving(rate) / (try question.bandwidth("codec.zstd-3.logs"))
  let upkeep = Ratio.assumed("hours a month to run it", 2, in: 0.5...8)
  return (try Provider.aws.price("storage.instant") * (months * bytes).kept).named("storage")
    + (try Provider.aws.price("storage.instant.put") * Term<Requests>(bytes / object)).named(
      "writes")
    + (try cores(work)).named("compression") + developers(upkeep).named("upkeep")
}

private func required(_ rate: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let share = Ratio.assumed("share of the events that are required", 0.3, in: 0.05...0.8)
  return try packed(rate * share, question)
}
