import Testing

@testable import Assessment

@Suite struct GrowthTests {
  static let shop = """
    name: Shop            # a comment
    requests_per_user: 0.02
    growth: 8%
    p99_ms: 250
    tiers:
      - name: web
        demand_ms: 4
        demand_interval_ms: [3.6, 4.6]
        servers: 8
        replicas: 2
        scales: out
        price: 0.384
      - name: "database, writer"
        demand_ms: 1.2
        servers: 8
        scales: up
        largest: 16
        reads: 0.9
        cacheable: 50%
        price: database.m6g.xlarge.multi
    """

  @Test func aDescriptionIsRead() throws {
    let system = try GrowingSystem(Self.shop, in: "shop.yaml")
    #expect(system.growth == 0.08 && system.level == 0.25 && system.tiers.count == 2)
    #expect(system.tiers[1].name == "database, writer" && system.tiers[1].cacheable == 0.5)
    #expect(system.tiers[1].price > 0.5 && system.tiers[0].spread.lowerBound == 0.9)
    let lines = Self.shop.split(separator: "\n").joined(separator: "\r\n")
    #expect(try GrowingSystem("---\r\n" + lines, in: "shop.yaml") == system)
    let json = """
      {"name": "Shop", "requests_per_user": 0.02, "growth": 0.08, "p99_ms": 250,
       "tiers": [{"name": "web", "demand_ms": 4, "price": 1}]}
      """
    #expect(try GrowingSystem(json, in: "shop.json").tiers[0].demand == 0.004)
  }

  @Test func whatIsWrongIsNamedWithItsLine() throws {
    func reason(_ change: (String) -> String) -> String {
      do {
        _ = try GrowingSystem(change(Self.shop), in: "F")
        return ""
      } catch { return "\(error)" }
    }
    #expect(reason { _ in "" } == "F is empty")
    #expect(
      reason { $0.replacing("growth: 8%", with: "growth: 8,5%") }.hasPrefix(
        "F:3: growth: '8,5%' is no number"))
    #expect(
      reason { $0.replacing("  servers: 8\n", with: "  server: 8\n") }.hasPrefix(
        "F:9: a tier has no 'server'"))
    #expect(
      reason { $0.replacing("scales: up", with: "scales: sideways") }.contains(
        "none of out, up, no"))
    #expect(reason { $0.replacing("    servers", with: "\tservers") }.contains("a tab"))
    #expect(
      reason { $0.replacing("name: Shop", with: "name: &x Shop") }.hasPrefix(
        "F:1: '&' begins something"))
    #expect(reason { $0.replacing("growth: 8%\n", with: "") }.contains("growth: is missing"))
    #expect(
      reason { $0.replacing("p99_ms: 250", with: "p99_ms: 2") }.contains("more than p99_ms allows"))
    #expect(reason { String($0.prefix(60)) }.hasPrefix("F:3: 'gr' has no name"))
    #expect(
      reason { $0.replacing("scales: out", with: "resources: [i-1]") }.contains(
        "resources: 1 names for 2 replicas"))
    #expect(
      reason { $0.replacing("price: 0.384", with: "price: gold") }.contains(
        "neither dollars per hour"))
  }

  /// The utilisation law says where a tier ends, and the plan's breaking point lies a little before.
  @Test func breakingPointsComeInTheOrderOfTheLaw() throws {
    let system = try GrowingSystem(Self.shop, in: "F")
    let plan = try GrowthPlan(system, from: 100_000, to: 1_000_000, requests: 4_000)
    #expect(plan.reachesItsEnd)
    let first = try #require(plan.steps.first)
    // Two replicas of eight places, 4 ms each: 4,000 requests per second, 200,000 users.
    #expect(first.tier == "web" && first.users < 200_000 && first.users > 150_000)
    #expect(plan.initialCapacity == first.users)
    #expect(plan.steps.map(\.users) == plan.steps.map(\.users).sorted())
    for step in plan.steps {
      #expect(step.capacity >= step.users * 0.99 && step.interval.contains(step.users))
      #expect(step.p99.after < step.p99.before)
    }
    let last = try #require(plan.steps.last)
    #expect(last.capacity >= 1_000_000)
    #expect(plan.monthly(at: 1e6).lowerBound > plan.monthly(at: 1e5).upperBound)
    // Growth of 8% a month: tenfold in 30 months.
    #expect(abs(plan.month(of: 1e6) - 29.9) < 0.1)
    let page = GrowthPage(plan)
    let text = page.text(chart: "x.svg")
    #expect(
      text.hasPrefix("# Shop: from 100,000 to 1 million users\n\n**\(plan.steps.count) breaking"))
    #expect(text.contains("](x.svg)") && !page.text(chart: nil).contains(".svg"))
    // It can be falsified from now on.
    #expect(text.contains("- At 100,000 users the p99 is"))
    #expect(
      GrowthPage(try GrowthPlan(system, from: 10, to: 11, requests: 500)).text(chart: "x.svg")
        .contains("**No breaking point** lies before the end, 1 month from now"))
    #expect(page.chart.hasPrefix("<svg") && page.chart.contains("Capacity against need"))
  }

  @Test func aTierThatCannotGrowGetsLessWorkAndThenShards() throws {
    var system = try GrowingSystem(Self.shop, in: "F")
    system.tiers[1].scaling = .no
    var changes: [Change] = []
    for _ in 0..<3 {
      let (next, change) = system.widened("database, writer", for: 20_000, below: 0.7)
      changes.append(change)
      system = next
    }
    #expect(changes[0] == .cache(share: 0.5))
    guard case .readReplicas = changes[1], case .shards = changes[2] else {
      Issue.record("\(changes)")
      return
    }
    // 1.2 ms: half to the cache, 0.8 of the rest to replicas.
    let writer = try #require(system.tiers.first { $0.name == "database, writer" })
    #expect(abs(writer.demand - 0.0012 * 0.5 * 0.2) < 1e-9)
  }
}
