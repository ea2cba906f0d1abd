import CitedData
import Glibc
import Harness
import Results
import Simulation
import Techniques

extension Experiment {
  /// Requests that need a few objects, which lie in regions.
  static let dataPlacement = Experiment(
    id: "scale/data-placement",
    title: "Objects by hash → where their owner is",
    slot: "scale/100k/geography",
    claim: """
      With objects by hash over four regions every request of ten objects leaves its region; \
      placed with their owner, and one of ten objects somebody else's elsewhere, two of three \
      still do. Only if those objects are needed by the same few requests, one of ten leaves.
      """,
    mechanism: """
      By hash each object is in the user's region with a probability of a quarter, so that seven \
      and a half of ten objects are remote. By owner the remote share is that of objects of others \
      elsewhere: the average falls to that share. But a request waits if any of its objects is \
      remote, and with ten objects that is 1 − (1 − f)^10. The gain in calls is not the gain in \
      requests.
      """,
    limits: """
      The formula takes each object as remote with the same chance, which is the worst case for a \
      request. Friends cluster: a few requests have all the remote objects, and the others none. A \
      copy of what friends read saves the call and costs freshness. Regions fill unevenly if users \
      do.
      """,
    diagram: """
      flowchart LR
        r["requests of ten objects"]
        r -- "a quarter is near" --> h["four regions: {by hash}"]
        r -- "own objects are near" --> o["four regions: {by owner}"]
        r -- "and those of friends" --> c["four regions: {by owner, friends together}"]
        h -- "{speedup} at {point}" --> o
      """,
    sweep: .count(
      "others' objects", [1, 5, 10, 30], smoke: 10, label: { "\($0) % of others elsewhere" }),
    metric: .share("requests that leave the region", lowerIsBetter: true),
    signals: ["remote calls per request"],
    work: { _ in Work(elements: Double(requests), each: "request") },
    variants: [
      variant("by hash", .hash), variant("by owner", .owner),
      variant("by owner, friends together", .clustered),
    ],
    uncertain: [objects],
    headline: DeclaredHeadline(value: 10, variant: "by owner"),
    model: { question in
      let remote = question.isBaseline ? 0.75 : Double(question.value) / 100
      return Model(
        Term<Percent>.exactly(100 * (1 - pow(1 - remote, objects.estimate)))
          .named("one of ten objects is remote"), per: .metric)
    })
}

private enum Placement { case hash, owner, clustered }
private let requests = 20_000
private let objects = UncertainInput("items.page", named: "objects of a request", estimate: 10)

private func calls(_ placement: Placement, _ point: Point) -> Replication {
  var random = RandomStream(seed: point.seed, "objects")
  let (others, objects) = (Double(point.value) / 100, Int(point[objects].rounded()))
  var (left, remote, digest) = (0, 0, UInt64(0))
  for _ in 0..<requests {
    // Of all requests a tenth is about a friend, whose objects they mostly are.
    let isSocial = random.happens(with: 0.1)
    var far = 0
    for _ in 0..<objects {
      let (place, luck) = (random.index(below: 4), random.uniform())
      digest = mixedHash(digest ^ UInt64(place))
      let share =
        switch placement {
        case .hash: 0.75
        case .owner: others
        // The same share over all requests: within a social one up to all of its objects.
        case .clustered: isSocial ? min(1, 10 * others) : max(0, (others - 0.1) / 0.9)
        }
      if luck < share { far += 1 }
    }
    remote += far
    if far > 0 { left += 1 }
  }
  return Replication(
    offered: digest,
    figures: [
      "requests that leave the region": .share(Double(left) / Double(requests)),
      "remote calls per request": Counter(Double(remote) / Double(requests), unit: .count),
    ])
}

private func variant(_ name: String, _ placement: Placement) -> Variant {
  Variant(simulated: name, shows: ["calls"]) { calls(placement, $0) }
}
