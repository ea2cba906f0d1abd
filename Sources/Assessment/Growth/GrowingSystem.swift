import Prices

/// A system that is to grow: its tiers with what a request needs of them, and what they cost.
public struct GrowingSystem: Sendable, Equatable {
  /// How a tier can grow.
  public enum Scaling: String, Sendable, CaseIterable {
    /// By more replicas.
    case out
    /// By a larger machine, up to a limit.
    case up
    /// Neither: a single writer, say.
    case no
  }

  /// A part of the system.
  public struct Tier: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// Seconds that a request needs of one place, over all its visits.
    public var demand: Double
    /// The interval that the demand was measured with, as shares of it.
    public var spread: ClosedRange<Double>
    /// Requests that a replica serves at a time: processors, connections.
    public var servers: Int
    /// At the start.
    public var replicas: Int
    /// How it grows.
    public var scaling: Scaling
    /// The most servers of a machine that grows.
    public var largest: Int
    /// Dollars per hour and replica.
    public var price: Double
    /// The share of its demand that reads, and can go to read replicas.
    public var reads: Double
    /// The share of its demand that a cache can answer.
    public var cacheable: Double
    /// Its replicas as a bill calls them; empty where that is not said.
    public var resources: [String] = []
  }

  /// Its name.
  public var name: String
  /// Requests per second of a user at the busiest time.
  public var requestsPerUser: Double
  /// Per month, such as 0.08.
  public var growth: Double
  /// Seconds that the slowest of a hundred requests may take.
  public var level: Double
  /// In the order in which a request visits them.
  public var tiers: [Tier]
}

extension GrowingSystem {
  /// Reads the description of a system.
  /// - Throws: `AssessmentError` with the line.
  public init(_ text: String, in path: String) throws {
    let root = Fields(try Outline(text, in: path), path, "the system")
    try root.expect(["name", "requests_per_user", "growth", "p99_ms", "tiers"])
    name = try root.text("name")
    requestsPerUser = try root.number("requests_per_user", above: 1e-7, to: 1_000)
    growth = try root.number("growth", above: 1e-4, to: 10)
    level = try root.number("p99_ms", above: 0, to: 600_000) / 1_000
    tiers = try root.list("tiers").map { try Self.tier(Fields($0, path, "a tier")) }
    guard !tiers.isEmpty else { throw AssessmentError.refused("\(path): there are no tiers") }
    let resources = tiers.flatMap(\.resources)
    guard Set(resources).count == resources.count else {
      throw AssessmentError.refused("\(path): a resource stands in two tiers")
    }
    let names = tiers.map(\.name)
    guard Set(names).count == names.count else {
      throw AssessmentError.refused("\(path): two tiers have one name")
    }
    let alone = tiers.reduce(0) { $0 + $1.demand }
    guard alone < level else {
      throw AssessmentError.refused(
        "\(path): the demands add up to \(Text.seconds(alone)), which is more than p99_ms allows")
    }
  }

  private static func tier(_ fields: Fields) throws -> Tier {
    try fields.expect([
      "name", "demand_ms", "demand_interval_ms", "servers", "replicas", "scales", "largest",
      "price", "reads", "cacheable", "resources",
    ])
    let demand = try fields.number("demand_ms", above: 1e-4, to: 60_000) / 1_000
    let scaling = try fields.text("scales", "out")
    guard let kind = Scaling(rawValue: scaling) else {
      throw fields.refuse("scales", "'\(scaling)' is none of out, up, no")
    }
    let servers = try fields.whole("servers", to: 10_000)
    let (reads, cacheable) = (
      try fields.number("reads", 0, above: -1, to: 1),
      try fields.number("cacheable", 0, above: -1, to: 1)
    )
    let interval = try fields.numbers("demand_interval_ms")
    var spread = 0.8...1.2
    if let interval {
      guard interval.count == 2, interval[0] > 0, interval[0] <= demand * 1_000,
        interval[1] >= demand * 1_000, interval[1].isFinite
      else { throw fields.refuse("demand_interval_ms", "write [low, high] around demand_ms") }
      spread = interval[0] / demand / 1_000...interval[1] / demand / 1_000
    }
    let replicas = try fields.whole("replicas", to: 100_000)
    let resources = try fields.texts("resources")
    guard resources.isEmpty || resources.count == replicas else {
      throw fields.refuse(
        "resources", "\(resources.count) names for \(replicas) replica\(replicas == 1 ? "" : "s")")
    }
    return Tier(
      name: try fields.text("name"), demand: demand, spread: spread, servers: servers,
      replicas: replicas, scaling: kind,
      largest: Int(try fields.number("largest", Double(max(96, servers)), above: 0, to: 100_000)),
      price: try fields.price("price"), reads: max(0, reads), cacheable: max(0, cacheable),
      resources: resources)
  }
}

/// The members of a mapping, with their types.
private struct Fields {
  private let members: [(key: String, value: Outline)]
  private let path: String
  private let what: String
  private let line: Int

  init(_ outline: Outline, _ path: String, _ what: String) {
    (self.path, self.what, line) = (path, what, outline.line)
    if case .map(let members, _) = outline { self.members = members } else { members = [] }
  }

  func refuse(_ name: String, _ reason: String) -> AssessmentError {
    let line = members.first { $0.key == name }?.value.line ?? line
    return .damaged(path, line: line, reason: "\(name): \(reason)")
  }

  func expect(_ names: Set<String>) throws {
    for member in members where !names.contains(member.key) {
      throw AssessmentError.damaged(
        path, line: member.value.line,
        reason: "\(what) has no '\(member.key)'; it has \(names.sorted().joined(separator: ", "))")
    }
  }

  private func found(_ name: String) -> Outline? { members.first { $0.key == name }?.value }

  func text(_ name: String, _ fallback: String? = nil) throws -> String {
    guard let found = found(name) else {
      guard let fallback else { throw refuse(name, "is missing in \(what)") }
      return fallback
    }
    guard case .value(let text, _) = found, !text.isEmpty else {
      throw refuse(name, "needs a value")
    }
    return text
  }

  /// A percentage is a share.
  func number(
    _ name: String, _ fallback: Double? = nil, above: Double, to most: Double
  ) throws -> Double {
    if found(name) == nil, let fallback { return fallback }
    let text = try text(name)
    let isShare = text.hasSuffix("%")
    guard let value = Double(isShare ? text.dropLast() : text[...]) else {
      throw refuse(name, "'\(text)' is no number; write it without a unit, with a decimal point")
    }
    let number = isShare ? value / 100 : value
    guard number > above, number <= most else {
      throw refuse(
        name,
        "'\(text)' is not above \(Text.figure(max(0, above))) and at most \(Text.figure(most))")
    }
    return number
  }

  /// At least one, which is also the default.
  func whole(_ name: String, to most: Int) throws -> Int {
    let number = try number(name, 1, above: 0, to: Double(most))
    guard number == number.rounded() else { throw refuse(name, "needs a whole number") }
    return Int(number)
  }

  func numbers(_ name: String) throws -> [Double]? {
    guard let found = found(name) else { return nil }
    guard case .list(let items, _) = found else { throw refuse(name, "write [low, high]") }
    return try items.map {
      guard case .value(let text, _) = $0, let number = Double(text) else {
        throw refuse(name, "write [low, high]")
      }
      return number
    }
  }

  /// Different ones; none where the list is missing.
  func texts(_ name: String) throws -> [String] {
    guard let found = found(name) else { return [] }
    guard case .list(let items, _) = found else { throw refuse(name, "write [first, second]") }
    let texts = try items.map {
      guard case .value(let text, _) = $0, !text.isEmpty else {
        throw refuse(name, "write [first, second]")
      }
      return text
    }
    guard Set(texts).count == texts.count else { throw refuse(name, "a name stands there twice") }
    return texts
  }

  func list(_ name: String) throws -> [Outline] {
    guard let found = found(name) else { throw refuse(name, "is missing in \(what)") }
    guard case .list(let items, _) = found else { throw refuse(name, "needs a list") }
    return items
  }

  /// Dollars per hour, or the name of a price of the lists.
  func price(_ name: String) throws -> Double {
    let text = try text(name)
    if let dollars = Double(text), (0...1e6).contains(dollars) { return dollars }
    guard
      let price = PriceBook.current.prices.first(where: { $0.name == text && $0.unit == "Hours" })
    else {
      throw refuse(
        name, "'\(text)' is neither dollars per hour nor an hourly price of 'perflab prices'")
    }
    return price.dollars
  }
}
