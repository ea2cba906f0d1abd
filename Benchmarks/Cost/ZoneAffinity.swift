import Harness
import Results

extension Experiment {
  /// Calls between services in three zones.
  static let zoneAffinity = Experiment(
    cost: "zone-affinity", "network/multi-region",
    title: "Calls between services: to any zone → to the own zone first",
    claim: """
      Calling the own zone saves more than it costs once a call moves a kilobyte or so; below \
      that, the spare servers for zones of unequal load cost more than the traffic between zones.
      """,
    mechanism: """
      With three zones and random targets two calls in three cross a zone's border, and both \
      directions are charged. With affinity none does, but each zone must then carry its own load: \
      the most loaded zone decides how many servers all of them have. Traffic is paid by the byte \
      and spare servers by the call, so that the size of a call decides.
      """,
    limits: """
      Where the zones' load differs from hour to hour, affinity makes the tail latency worse; it \
      needs a way to overflow into other zones. The loss of a zone moves its load to the others in \
      both cases. Balancers of the provider do not charge for traffic between zones.
      """,
    diagram: """
      flowchart LR
        subgraph before["any zone: {any zone}"]
          a0["caller"] -- "two of three cross zones" --> b0["servers of all zones"]
        end
        subgraph after["own zone: {own zone}"]
          a1["caller"] --> b1["servers of its zone"]
          b1 -.- s1["spare for unequal zones"]
        end
        before -- "{speedup} at {point} per call" --> after
      """,
    sweep: .bytes(
      "bytes of a call, both ways", [128, 512, 2 << 10, 8 << 10, 32 << 10, 256 << 10],
      smoke: 8 << 10),
    options: [
      option("any zone", code: "anywhere", bill: anywhere),
      option("own zone", code: "near", bill: near),
    ])
}

/// A thousand calls a second.
private let calls = Term<PerSecond>.exactly(1_000)

private func servers(_ spare: Ratio) throws(MissingNumber) -> Bill {
  let each = Time.assumed("CPU of a call", 2e6, in: 0.5e6...10e6)
  return try cores(spare * (calls.perMonth * each)).named("servers")
}

/// A gigabyte over a border is charged to who sends it and to who receives it.
private func anywhere(_ size: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let crossing = (2.0 / 3) * (calls.perMonth * Size.exactly(size))
  let traffic = 2 * (try Provider.aws.price("transfer.zone") * crossing.moved)
  return traffic.named("traffic between zones") + (try servers(.exactly(1)))
}

private func near(_ size: Double, _ question: Question) throws(MissingNumber) -> Bill {
  try servers(.assumed("load of the busiest zone over the mean", 1.2, in: 1.05...1.6))
}
