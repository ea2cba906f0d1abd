import Glibc
import Rendering

/// A plan of growth as a page in Markdown, with a chart beside it.
public struct GrowthPage {
  private let plan: GrowthPlan

  /// Of a plan.
  public init(_ plan: GrowthPlan) { self.plan = plan }

  /// The page.
  /// - Parameter chart: the name of the chart's file; nil where there is none.
  public func text(chart: String?) -> String {
    "# \(plan.first.name): from \(users(plan.users.lowerBound)) to \(users(plan.users.upperBound)) users\n\n"
      + answer + (chart.map { "\n![Capacity against need](\($0))\n" } ?? "") + breaking + timeline
      + diagrams + risks + method
  }

  /// Capacity against need over time, as SVG.
  public var chart: String {
    let end = plan.month(of: plan.users.upperBound)
    let months = (0...24).map { end * Double($0) / 24 }
    let need = months.map { month in
      (x: month, value: plan.users.lowerBound * pow(1 + plan.first.growth, month))
    }
    let capacity = need.map { point in
      let step = plan.steps.last { $0.interval.lowerBound <= point.value }
      return (x: point.x, value: step?.capacity ?? plan.initialCapacity)
    }
    return CapacityChart.svg(
      title: "Capacity against need", subtitle: "\(plan.first.name), users",
      axis: "months from now",
      ticks: (0...4).map {
        (x: end * Double($0) / 4, label: Text.figure((end * Double($0) / 4).rounded()))
      },
      lines: [.init("users that it carries", capacity), .init("users", need, isDashed: true)])
  }

  private func users(_ value: Double) -> String {
    value >= 1e6
      ? "\(Text.figure(value / 1e6)) million" : Text.grouped((value / 100).rounded() * 100)
  }

  private func dollars(_ range: ClosedRange<Double>) -> String {
    range.lowerBound < range.upperBound
      ? "\(Text.dollars(range.lowerBound)) to \(Text.dollars(range.upperBound))"
      : Text.dollars(range.lowerBound)
  }

  private var answer: String {
    let cost = (plan.monthly(at: plan.users.lowerBound), plan.monthly(at: plan.users.upperBound))
    let points =
      plan.steps.isEmpty
      ? "**No breaking point** lies"
      : plan.steps.count == 1
        ? "**1 breaking point** lies" : "**\(plan.steps.count) breaking points** lie"
    let end = Text.counted(plan.month(of: plan.users.upperBound).rounded(), "month")
    var text =
      "\(points) before the end, \(end) from now at \(Text.percent(plan.first.growth)) a month. "
    if let step = plan.steps.first {
      text += "The first: \(step.tier) at \(users(step.users)) users. "
    }
    text += "A month costs \(dollars(cost.0)) now, and \(dollars(cost.1)) at the end.\n"
    if !plan.reachesItsEnd {
      text += "\nThe end is not reached by the changes that are known here.\n"
    }
    return text
  }

  private var breaking: String {
    guard !plan.steps.isEmpty else { return "" }
    func p99(_ seconds: Double) -> String { seconds.isFinite ? Text.seconds(seconds) : "∞" }
    func month(_ users: Double) -> String { Text.figure(plan.month(of: users).rounded()) }
    return "\n## Breaking points, in their order\n\n"
      + Text.table(
        [
          "users", "interval", "month", "what ends", "change", "p99 without → with", "then carries",
          "experiments",
        ],
        plan.steps.map { step in
          [
            users(step.users),
            "\(users(step.interval.lowerBound)) to \(users(step.interval.upperBound))",
            "\(month(step.users)) (\(month(step.interval.lowerBound)) to "
              + "\(month(step.interval.upperBound)))",
            step.tier, step.change.text, "\(p99(step.p99.before)) → \(p99(step.p99.after))",
            users(step.capacity), step.change.experiments.map { "`\($0)`" }.joined(separator: ", "),
          ]
        })
      + "\nThe intervals are those of the tier's demand. The p99 is simulated at 5% more than the load at "
      + "which the service level of \(Text.seconds(plan.first.level)) ends; ∞ where more arrives than is "
      + "finished.\n"
  }

  private var timeline: String {
    let end = plan.month(of: plan.users.upperBound)
    // Whole months, a dozen rows at most before the last.
    let length = max(1, (end / 12).rounded(.up))
    let months = Array(stride(from: 0, to: end, by: length)) + [end]
    let rows = months.enumerated().map { index, month -> [String] in
      let next = index + 1 < months.count ? months[index + 1] : .infinity
      let now = plan.users.lowerBound * pow(1 + plan.first.growth, month)
      let begun = plan.steps.filter { step in
        // It has to be there at the lower end of the interval.
        let begin = plan.month(of: step.interval.lowerBound) - step.change.weeks / 4.35
        return (begin >= month || index == 0) && begin < next
      }
      return [
        Text.figure(month.rounded()), users(now), dollars(plan.monthly(at: now)),
        begun.map { "\($0.tier): \($0.change.text)" }.joined(separator: "; "),
      ]
    }
    return "\n## Timeline\n\n"
      + Text.table(["month", "users", "cost a month", "to begin until the next line"], rows)
  }

  private var diagrams: String {
    func diagram(_ system: GrowingSystem, _ title: String) -> String {
      var text = "\n### \(title)\n\n```mermaid\nflowchart LR\n  users([users])\n"
      var last = "users"
      for (index, tier) in system.tiers.enumerated() {
        text += "  t\(index)[\"\(tier.name): \(tier.replicas) × \(tier.servers)\"]\n"
        text += "  \(last) --> t\(index)\n"
        last = "t\(index)"
      }
      return text + "```\n"
    }
    return "\n## The system\n" + diagram(plan.first, "Now")
      + diagram(plan.steps.last?.system ?? plan.first, "At the end")
      + "\nReplicas × places of each.\n"
  }

  private var risks: String {
    var rows: [[String]] = []
    for step in plan.steps {
      let change = "\(step.tier): \(step.change.text)"
      if let place = rows.firstIndex(where: { $0[1] == step.change.risk }) {
        rows[place][0] += "; \(change)"
      } else {
        rows.append([change, step.change.risk])
      }
    }
    rows.append(["growth", "at twice the growth each date comes in half the months"])
    let limits = GrowthModel(system: plan.first, requests: 20_000)
    // On the way to the first breaking point; where that is passed, below it.
    let (now, most) = (plan.users.lowerBound, min(plan.initialCapacity, plan.users.upperBound))
    let loads = now < most ? [now, (now + most) / 2] : [0.5 * most, 0.8 * most]
    let checks = loads.map { load in
      let rate = load * plan.first.requestsPerUser
      let busy = rate / limits.bottleneck.rate
      return "- At \(users(load)) users the p99 is "
        + "\(Text.seconds(limits.p99(rate: rate))) and \(limits.bottleneck.tier) is "
        + "\(Text.percent(busy)) busy. If either is more than 20% off, measure the demands again.\n"
    }
    return "\n## Risks\n\n" + Text.table(["what", "risk"], rows)
      + "\n## What would falsify this plan\n\n" + checks.joined()
      + "- After a change the system carries less than the table says.\n"
      + "- A tier that is not in the table breaks first: then it was not in the description.\n"
  }

  private var method: String {
    """

    ## Method

    A load breaks the service level where the simulated p99 exceeds it: tiers one after the other, \
    exponential service times, the better of two replicas for each request. The tier with the highest \
    utilisation (utilisation law) is changed, and all is simulated again. Weeks of work and prices \
    that stay the same are assumptions.

    """
  }
}
