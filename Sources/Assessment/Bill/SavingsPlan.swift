/// What a bill can do without, in the order in which it is done.
public struct SavingsPlan: Sendable {
  /// What it is of.
  public let bill: Bill
  /// The share of the bill to save, 0 to 1.
  public let target: Double
  /// By phase, then by what they save for a day of work.
  public let measures: [Measure]
  /// What would have to be known of the largest costs, one line each.
  public let questions: [String]
  /// Whether the service level is kept; nil where no system was described.
  public let service: ServiceCheck?

  /// Dollars a month that all measures save together.
  public var saving: ClosedRange<Double> {
    measures.reduce(0) {
      $0 + $1.saving.lowerBound
    }...measures.reduce(0) {
      $0 + $1.saving.upperBound
    }
  }

  /// Of the bill.
  public var savedShare: ClosedRange<Double> {
    guard bill.monthly > 0 else { return 0...0 }
    return saving.lowerBound / bill.monthly...saving.upperBound / bill.monthly
  }

  /// - Parameter target: 0 to 1.
  public init(_ bill: Bill, _ utilisation: Utilisation, target: Double) {
    self.init(SavingRules(bill: bill, utilisation: utilisation), target: target, nil)
  }

  /// Leaves machines as they are without which a system would not keep its service level.
  /// - Parameters:
  ///   - target: 0 to 1.
  ///   - system: whose tiers name machines of the bill.
  ///   - users: at the busiest time.
  /// - Throws: `AssessmentError`, as `ServiceCheck` does.
  public init(
    _ bill: Bill, _ utilisation: Utilisation, target: Double, serving users: Double,
    by system: GrowingSystem
  ) throws {
    let rules = SavingRules(bill: bill, utilisation: utilisation)
    self.init(rules, target: target, try ServiceCheck(system, users: users, rules))
  }

  private init(_ rules: SavingRules, target: Double, _ service: ServiceCheck?) {
    let bill = rules.bill
    (self.bill, self.target, self.service) = (bill, target, service)
    let kept = Set(service?.kept ?? [])
    var found: [Measure.Kind: Measure] = [:]
    for item in bill.items {
      // Each measure applies to what those before it leave.
      var (low, high) = (item.cost / bill.months, item.cost / bill.months)
      let savings = rules.savings(of: item).filter {
        $0.places == 1 || !kept.contains(item.resource)
      }.sorted { $0.kind.phase < $1.kind.phase }
      for saving in savings {
        let least = low * saving.share.lowerBound
        let most = high * saving.share.upperBound
        let name = item.resource.isEmpty ? item.meter : item.resource
        var measure = found[saving.kind] ?? Measure(kind: saving.kind, cost: 0, saving: 0...0)
        measure.add(name, saving.reason)
        measure.cost += item.cost / bill.months
        measure.saving =
          measure.saving.lowerBound + min(least, most)...measure.saving.upperBound
          + max(least, most)
        found[saving.kind] = measure
        // What remains is least where most was saved.
        (low, high) = (high - most, low - least)
        (low, high) = (min(low, high), max(low, high))
      }
    }
    measures = found.values.sorted {
      if $0.kind.phase != $1.kind.phase { return $0.kind.phase < $1.kind.phase }
      return ($0.saving.lowerBound / $0.days, $1.kind.rawValue)
        > ($1.saving.lowerBound / $1.days, $0.kind.rawValue)
    }
    questions = Self.questions(bill, rules.utilisation)
  }

  private static func questions(_ bill: Bill, _ utilisation: Utilisation) -> [String] {
    let unknown = bill.items.filter {
      ["Compute", "Databases", "Storage"].contains($0.category) && !$0.resource.isEmpty
        && utilisation.uses[$0.resource] == nil && $0.cost > 0 && $0.payment != .unusedCommitment
    }
    var lines: [String] = []
    let ids = Set(bill.items.map(\.resource))
    let strangers = utilisation.uses.keys.count { !ids.contains($0) }
    if strangers > 0 {
      lines.append(
        "\(strangers) of \(utilisation.uses.count) resources with utilisation are not in the bill")
    }
    guard !unknown.isEmpty else { return lines }
    let cost = unknown.reduce(0) { $0 + $1.cost } / bill.months
    let resources = Text.counted(Double(Set(unknown.map(\.resource)).count), "resource")
    lines.append(
      "\(Text.dollars(cost)) a month are of \(resources) without utilisation; "
        + "--utilisation FILE with their p99 would tell which are too large or idle")
    lines += unknown.prefix(5).map {
      "\($0.resource) (\($0.service), \(Text.dollars($0.cost / bill.months)) a month)"
    }
    return lines
  }
}
