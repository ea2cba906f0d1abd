/// The curriculum of performance and scale that the experiments make executable: its groups, with
/// how many diagrams each has to show. An experiment names its group as its slot.
public enum Curriculum {
  /// A group of diagrams on one subject.
  public struct Group: Equatable, Sendable, Codable {
    /// `part/category/group`
    public var id: String
    /// How many experiments it should have.
    public var slots: Int

    /// A group with its number of slots.
    public init(id: String, slots: Int) {
      self.id = id
      self.slots = slots
    }

    /// `performance`
    public var part: String { String(id.prefix { $0 != "/" }) }
    /// `performance/cpu`
    public var category: String { String(id[..<(id.lastIndex(of: "/") ?? id.endIndex)]) }
  }

  /// All of them, in the order of the curriculum.
  public static let groups: [Group] =
    category("performance/cpu", 5, "detection", "algorithmic", "parallelization", "hardware")
    + category("performance/memory", 8, "detection")
    + category("performance/memory", 4, "layout", "management", "pools")
    + category("performance/network", 8, "analysis")
    + category("performance/network", 4, "protocol", "connections", "balancing")
    + category("performance/storage", 8, "analysis")
    + category("performance/storage", 4, "indexes", "queries", "engines")
    + category("scale/10k", 5, "monolith") + category("scale/10k", 3, "connections")
    + category("scale/10k", 4, "single-point-of-failure", "degradation", "architecture")
    + category("scale/100k", 5, "read-write", "microservices", "geography", "consistency")
    + category("scale/1m", 5, "multi-region", "caching", "events", "observability")
    + category("scale/100m", 5, "cdn", "sharding", "chaos", "cost")
    + category(
      "cost/compute", 3, "right-sizing", "purchasing", "serverless", "scaling", "prediction")
    + category("cost/storage", 3, "tiers", "lifecycle", "compression", "read-replicas", "queries")
    + category("cost/network", 3, "cdn", "multi-region", "gateway", "compression", "caching")
    + category(
      "cost/operations", 3, "automation", "monitoring", "incidents", "licences", "compliance")
    + category("migration/services", 3, "boundaries", "dependencies", "debt", "readiness", "impact")
    + category(
      "migration/database", 3, "data-model", "consistency", "queries", "polyglot", "synchronisation"
    )
    + category(
      "migration/cloud", 3, "assessment", "execution", "optimisation", "containers", "serverless")
    + category("migration/performance", 3, "legacy", "stack", "validation", "blue-green", "canary")

  private static func category(_ id: String, _ slots: Int, _ names: String...) -> [Group] {
    names.map { Group(id: "\(id)/\($0)", slots: slots) }
  }
}
