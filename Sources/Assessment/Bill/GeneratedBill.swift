import Results
import Statistics

/// A bill for exercises: of a shop in the cloud, with waste that is known. The same seed is the same
/// bill.
public struct GeneratedBill: Sendable {
  /// Waste that was planted.
  public struct Waste: Sendable, Equatable {
    /// What would remove it.
    public var kind: Measure.Kind
    /// What it is of.
    public var resources: [String]
    /// Dollars a month that these resources cost.
    public var cost: Double
  }

  /// In FOCUS 1.0's columns.
  public let focus: String
  /// As `Utilisation` reads it.
  public let utilisation: String
  /// What was planted.
  public let waste: [Waste]
  /// Resources that cost what they should.
  public let sound: [String]

  /// - Parameters:
  ///   - seed: of the names and amounts; each kind of waste varies by a quarter.
  ///   - dollars: a month.
  public init(seed: UInt64, dollars: Double = 50_000) {
    var random = SeededGenerator(seed: seed, stream: 0xB111)
    var rows: [Row] = []
    for group in Group.all {
      // Otherwise the answers of one seed would be those of all.
      let part = group.share * Double.random(in: 0.75...1.25, using: &random)
      let weights = (0..<group.count).map { _ in Double.random(in: 0.6...1.4, using: &random) }
      let all = weights.reduce(0, +)
      for weight in weights {
        let number = UInt32.random(in: .min ... .max, using: &random)
        let digits = String(number, radix: 16)
        let id = group.prefix + String(repeating: "0", count: 8 - digits.count) + digits
        rows.append(
          Row(group: group, id: id, cost: part * weight / all, use: group.use(&random)))
      }
    }
    let total = rows.reduce(0) { $0 + $1.cost }
    for index in rows.indices { rows[index].cost *= dollars / total }
    var text = CSV.line(Self.columns)
    for row in rows { text += row.line }
    focus = text
    utilisation =
      "ResourceId,cpu_p99,memory_p99,operations,attached,age_days,reads_per_gb\n"
      + rows.filter { $0.use != ",,,,," }.map { "\($0.id),\($0.use)\n" }.joined()
    waste = Measure.Kind.allCases.compactMap { kind in
      let own = rows.filter { $0.group.waste.contains(kind) }
      guard !own.isEmpty else { return nil }
      return Waste(kind: kind, resources: own.map(\.id), cost: own.reduce(0) { $0 + $1.cost })
    }
    sound = rows.filter { $0.group.waste.isEmpty }.map(\.id)
  }

  private static let columns = [
    "BilledCost", "BillingCurrency", "BillingPeriodStart", "BillingPeriodEnd", "ChargeCategory",
    "ChargeDescription", "ChargePeriodStart", "ChargePeriodEnd", "CommitmentDiscountStatus",
    "ConsumedQuantity", "ConsumedUnit", "EffectiveCost", "PricingCategory", "ProviderName",
    "RegionId", "ResourceId", "ResourceType", "ServiceCategory", "ServiceName", "Tags",
  ]

  private struct Row {
    let group: Group
    let id: String
    var cost: Double
    let use: String

    var line: String {
      let cost = Text.fixed(cost, 4)
      return CSV.line([
        cost, "USD", "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z", group.charge, group.meter,
        "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z", group.status, "\(group.quantity)",
        group.unit, cost, group.pricing, "AWS", "us-east-1", id, group.type, group.category,
        group.service, group.tags,
      ])
    }
  }

  /// Resources of one kind.
  struct Group: Sendable {
    var waste: [Measure.Kind] = []
    var prefix = "i-"
    var count: Int
    /// Of the bill, before it is scaled.
    var share: Double
    var service = "Amazon Elastic Compute Cloud"
    var category = "Compute"
    var meter: String
    var type = ""
    var unit = "Hours"
    var quantity = 744.0
    var tags = "{\"env\": \"prod\"}"
    var charge = "Usage"
    var pricing = "Standard"
    var status = ""
    /// Ranges of processors and memory; nil where there is none.
    var load: (cpu: ClosedRange<Double>, memory: ClosedRange<Double>)?
    var operations: Double?
    var isAttached: Bool?
    var age: Double?
    var reads: Double?

    /// The fields of the file of utilisation behind the resource.
    func use(_ random: inout SeededGenerator) -> String {
      func draw(_ range: ClosedRange<Double>?) -> String {
        range.map { Text.fixed(Double.random(in: $0, using: &random), 2) } ?? ""
      }
      let (cpu, memory) = (draw(load?.cpu), draw(load?.memory))
      return [
        cpu, memory, operations.map { Text.fixed($0, 0) } ?? "",
        isAttached.map { $0 ? "1" : "0" } ?? "", age.map { Text.fixed($0, 0) } ?? "",
        reads.map { Text.fixed($0, 3) } ?? "",
      ].joined(separator: ",")
    }
  }
}
