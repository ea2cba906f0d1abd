import CitedData
import Harness
import Prices
import Results
import Simulation
import Techniques

extension Experiment {
  /// Servers that a provider may take back, from one of its pools or from several.
  static let spotFleet = Experiment(
    id: "scale/spot-fleet",
    title: "On demand → spot servers, from one pool or from four",
    slot: "scale/100m/cost",
    claim: """
      Twenty-five servers with 80% of them spot cost 54% less than on demand; from one pool the \
      fleet is below its need for six minutes each month, from four pools it never is, since a \
      quarter of them is the headroom.
      """,
    mechanism: """
      The saving is the share of spot servers times their discount; what they are replaced by \
      while a pool is empty costs little. The risk is planned by each server's own rate of \
      interruption, for which the loss of six at once is unheard of. But a pool is taken back as a \
      whole, when its capacity is wanted elsewhere. Until the replacement has booted, the fleet is \
      without it: all spot servers of one pool, or a quarter of them with four.
      """,
    limits: """
      Prices: n1-standard-16 on Google Cloud's list of August 2026, us-central1 (`Prices/`). \
      Assumed: a pool is empty four times a month for six hours on average, pools independently; a \
      large event empties all at once. Replacements on demand are always there. AWS gives two \
      minutes of notice, in which a replacement boots; Google Cloud gives 30 seconds. Work that \
      can't be moved needs checkpoints (cost/spot-checkpoint).
      """,
    diagram: """
      flowchart LR
        n["need: 20 servers"]
        n --> o["25 on demand: {on demand}"]
        n --> a["5 on demand, 20 of one pool: {one pool}"]
        n --> b["5 on demand, 5 of each of four pools: {four pools}"]
        o -- "{speedup} at {point}" --> b
      """,
    sweep: .count("spot servers", [5, 10, 20], smoke: 10, label: { "\($0) of 25 servers spot" }),
    metric: .dollars("cost"),
    signals: ["minutes below the need per month"],
    work: { _ in Work(elements: Double(servers), each: "server") },
    variants: [
      variant("on demand", pools: 0), variant("one pool", pools: 1),
      variant("four pools", pools: 4),
    ],
    uncertain: [between, empty],
    headline: DeclaredHeadline(value: 20, variant: "four pools"),
    model: { question in
      let spot = question.isBaseline ? 0 : Double(question.value)
      return Model(
        Term<DollarsPerMonth>.exactly(hours * demandPrice * (servers - spot))
          .named("servers on demand")
          + Term<DollarsPerMonth>.exactly(hours * spotPrice * spot).named("spot servers"),
        per: .metric)
    })
}

private let (servers, need, hours) = (25.0, 20.0, 730.0)
private let (demandPrice, spotPrice) = (
  PriceBook.dollars("compute.n1-standard-16"), PriceBook.dollars("compute.n1-standard-16.spot")
)
/// Hours between two times at which a pool is empty, and for how long it is.
private let between = UncertainInput(
  "hours between two times without capacity", 182.5, in: 24...2_000)
private let empty = UncertainInput("hours without capacity", 6, in: 1...72)
private let boot = CitedFigure.named("boot.ec2-linux").value / 3_600

/// A year: dollars per month, and minutes per month with fewer servers than needed.
private func year(pools: Int, spot: Double, _ point: Point) -> Replication {
  let seed = point.seed
  let length = 12 * hours
  // Each pool is there until it is empty; then its servers boot elsewhere.
  var changes: [(time: Double, servers: Double)] = []
  var (replaced, digest) = (0.0, mixedHash(seed))
  for pool in 0..<pools {
    var random = RandomStream(seed: seed, "pool \(pool)")
    var time = random.exponential(mean: point[between])
    let size = spot / Double(pools)
    while time < length {
      let end = min(length, time + random.exponential(mean: point[empty]))
      changes += [(time, -size), (min(length, time + boot), size)]
      replaced += size * (end - time)
      time = end + random.exponential(mean: point[between])
    }
  }
  digest = mixedHash(digest)
  changes.sort { $0.time < $1.time }
  var (there, below, since) = (servers, 0.0, 0.0)
  for change in changes {
    if there < need { below += change.time - since }
    (there, since) = (there + change.servers, change.time)
  }
  let bought = pools == 0 ? 0 : spot
  let dollars =
    demandPrice * ((servers - bought) * length + replaced)
    + spotPrice * (bought * length - replaced)
  return Replication(
    offered: digest,
    figures: [
      "cost": Counter(dollars / 12, unit: .dollarsPerMonth),
      "minutes below the need per month": Counter(60 * below / 12, unit: .count),
    ])
}

private func variant(_ name: String, pools: Int) -> Variant {
  Variant(simulated: name, shows: ["year"]) {
    year(pools: pools, spot: Double($0.value), $0)
  }
}

extension PriceBook {
  /// Of Google Cloud's list, for an hour.
  fileprivate static func dollars(_ name: String) -> Double {
    current.price(name, of: "Google Cloud")?.dollars ?? .nan
  }
}
