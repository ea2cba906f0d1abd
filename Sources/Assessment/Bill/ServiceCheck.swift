/// Whether a system keeps its service level with the machines that a plan of savings leaves it, by
/// simulation. Machines without which it would not are left as they are.
public struct ServiceCheck: Sendable {
  /// What a bill leaves of a tier.
  public struct Tier: Sendable {
    /// Its name.
    public var name: String
    /// Machines that become smaller or go.
    public var changed: Int
    /// Places of all its machines: requests that are served at a time.
    public var places: (before: Int, after: Int)
    /// Share of its places that are busy at the load.
    public var busy: (before: Double, after: Double)
  }

  /// The load.
  public let users: Double
  /// Seconds that the slowest of a hundred requests may take.
  public let level: Double
  /// Seconds that 99% of the requests don't exceed; infinite above the capacity.
  public let p99: (before: Double, after: Double)
  /// Those with machines in the bill.
  public let tiers: [Tier]
  /// Machines that could be smaller by themselves, and stay since the service level would end.
  public let kept: [String]

  /// - Parameters:
  ///   - system: whose tiers name their machines. Demands count at the upper ends of their intervals.
  ///   - users: at the busiest time.
  ///   - requests: of each simulation.
  /// - Throws: `AssessmentError` where no tier names a machine, or one is not in the bill.
  init(
    _ system: GrowingSystem, users: Double, _ rules: SavingRules, requests: Int = 20_000
  ) throws {
    let machines = system.tiers.flatMap(\.resources)
    guard !machines.isEmpty else {
      throw AssessmentError.refused(
        "\(system.name): no tier has 'resources', its machines as the bill calls them")
    }
    let billed = Dictionary(grouping: rules.bill.items, by: \.resource)
    if let missing = machines.first(where: { billed[$0] == nil }) {
      throw AssessmentError.refused("'\(missing)' of \(system.name) is not in the bill")
    }
    // A machine has several lines; what is left is the least.
    var left: [String: Double] = [:]
    for machine in machines {
      let places = billed[machine]!.flatMap { rules.savings(of: $0).map(\.places) }.min() ?? 1
      if places < 1 { left[machine] = places }
    }
    let rate = users * system.requestsPerUser
    func p99(_ shrunk: [String: Double]) -> Double {
      GrowthModel(system: system.cautious.with(shrunk), requests: requests).p99(rate: rate)
    }
    var accepted: [String: Double] = [:]
    let before = p99([:])
    if before <= system.level {
      for tier in system.tiers {
        // The idlest first.
        let candidates = tier.resources.filter { left[$0] != nil }.sorted {
          (rules.load($0), $0) < (rules.load($1), $1)
        }
        func first(_ count: Int) -> [String: Double] {
          accepted.merging(candidates.prefix(count).map { ($0, left[$0]!) }) { own, _ in own }
        }
        var (fine, many) = (0, candidates.count + 1)
        // All of them first: that is the usual answer.
        if !candidates.isEmpty, p99(first(candidates.count)) <= system.level { fine = many - 1 }
        while fine + 1 < many {
          let middle = (fine + many) / 2
          if p99(first(middle)) <= system.level { fine = middle } else { many = middle }
        }
        accepted = first(fine)
      }
    }
    self.users = users
    level = system.level
    self.p99 = (before, accepted.isEmpty ? before : p99(accepted))
    kept = left.keys.filter { accepted[$0] == nil }.sorted()
    let after = system.with(accepted)
    tiers = zip(system.tiers, after.tiers).filter { !$0.0.resources.isEmpty }.map { old, new in
      let places = (old.servers * old.replicas, new.servers * new.replicas)
      func busy(_ places: Int) -> Double { rate * old.demand / Double(places) }
      return Tier(
        name: old.name, changed: old.resources.count { accepted[$0] != nil }, places: places,
        busy: (busy(places.0), busy(places.1)))
    }
  }
}

extension GrowingSystem {
  /// With the demands at the upper ends of their intervals.
  fileprivate var cautious: GrowingSystem {
    var system = self
    for index in tiers.indices { system.tiers[index].demand *= tiers[index].spread.upperBound }
    return system
  }

  /// With shares of the places of some machines. The simulator's replicas are equal: a tier has the
  /// places that are left, in replicas as small as its smallest machine.
  fileprivate func with(_ left: [String: Double]) -> GrowingSystem {
    var system = self
    for (index, tier) in tiers.enumerated()
    where tier.resources.contains(where: { left[$0] != nil }) {
      let places = tier.resources.map { left[$0] ?? 1 }.filter { $0 > 0 }.map {
        max(1, Int($0 * Double(tier.servers)))
      }
      let least = places.min() ?? 1
      system.tiers[index].servers = least
      system.tiers[index].replicas = max(1, places.reduce(0, +) / least)
    }
    return system
  }
}
