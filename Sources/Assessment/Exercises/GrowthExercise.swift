import Statistics

/// The second challenge: plan from 100,000 to a million users.
public struct GrowthExercise: Sendable {
  /// The description of the system, in YAML.
  public let system: String

  /// - Parameter seed: of the demands, sizes and the growth.
  public init(seed: UInt64) {
    var random = SeededGenerator(seed: seed, stream: 0xA552)
    func draw(_ range: ClosedRange<Double>, _ digits: Int) -> String {
      Text.fixed(Double.random(in: range, using: &random), digits)
    }
    let web = Int.random(in: 2...4, using: &random)
    system = """
      # A shop at 100,000 users. Demands are milliseconds of one place for a request.
      name: Shop
      requests_per_user: 0.02
      growth: \(draw(5...12, 0))%
      p99_ms: 250
      tiers:
        - name: web
          demand_ms: \(draw(3...6, 1))
          servers: 8
          replicas: \(web)
          scales: out
          price: compute.m5.2xlarge
        - name: search
          demand_ms: \(draw(1...3, 1))
          servers: 4
          replicas: 2
          scales: out
          price: compute.m5.xlarge
        - name: database
          demand_ms: \(draw(0.8...1.6, 1))
          servers: 8
          scales: up
          largest: 32
          reads: \(draw(0.8...0.95, 2))
          cacheable: \(draw(0.3...0.6, 2))
          price: database.m6g.xlarge.multi

      """
  }

  /// The story, in Markdown.
  public static let story = """
    # From 100,000 to a million

    `system.yaml` describes a shop at 100,000 users: what a request needs of each tier, what a tier \
    costs, how fast the users grow. The service level is its p99. A tier that breaks is changed so that \
    it carries twice the users. Say in `answers.md` in which order the tiers break on the way to a \
    million users, when, and what the system costs a month at the end.

    """

  /// The form to fill in.
  public static let form = """
    # Answers

    Fill in behind the colons, one number each. Months are from now.

    Breaks first (tier):
    At users:
    In month:
    Breaks second (tier):
    At users (second):
    Months until a million:
    Cost a month at the end ($):
    What would falsify the plan:

    """

  /// Grades answers.
  /// - Throws: `AssessmentError`.
  public func grade(_ answers: Answers) throws -> Grade {
    let plan = try GrowthPlan(
      try GrowingSystem(system, in: "system.yaml"), from: 100_000, to: 1_000_000)
    var points: [Grade.Point] = []
    func tier(_ name: String, _ step: GrowthPlan.Step?, _ most: Double) {
      // Whoever names all of them names none.
      let named = plan.first.tiers.map(\.name).filter {
        answers[name].lowercased().contains($0.lowercased())
      }
      let isRight = step.map { named == [$0.tier] } ?? false
      points.append(.init(name, isRight ? most : 0, of: most, step?.tier ?? "none"))
    }
    func number(_ name: String, _ truth: ClosedRange<Double>, _ most: Double, _ text: String) {
      let given = answers.number(name)
      let isNear = given.map { $0 >= truth.lowerBound && $0 <= truth.upperBound } ?? false
      points.append(
        .init(name, isNear ? most : 0, of: most, given == nil ? "no number; \(text)" : text))
    }
    let (first, second) = (plan.steps.first, plan.steps.dropFirst().first)
    tier("breaks first (tier)", first, 15)
    let users = first?.users ?? 0
    number(
      "at users", users * 0.85...users * 1.15, 15, "\(Text.grouped(users.rounded())), within 15%")
    let month = first?.month ?? 0
    number("in month", month - 2...month + 2, 10, "\(Text.figure(month)), within 2")
    tier("breaks second (tier)", second, 10)
    let later = second?.users ?? 0
    number(
      "at users (second)", later * 0.75...later * 1.25, 10,
      "\(Text.grouped(later.rounded())), within 25%")
    let end = plan.month(of: 1_000_000)
    number("months until a million", end - 2...end + 2, 15, "\(Text.figure(end)), within 2")
    let cost = plan.monthly(at: 1_000_000)
    number(
      "cost a month at the end ($)", cost.lowerBound * 0.75...cost.upperBound * 1.25, 15,
      "\(Text.dollars(cost.lowerBound)) to \(Text.dollars(cost.upperBound)), within 25%")
    let says = answers["what would falsify the plan"].words.count >= 4
    points.append(
      .init("what would falsify the plan", says ? 10 : 0, of: 10, says ? "said" : "not said"))
    return Grade(
      points: points,
      truth: "## The model answer\n\n" + GrowthPage(plan).text(chart: nil))
  }
}
