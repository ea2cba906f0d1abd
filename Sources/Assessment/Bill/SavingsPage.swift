/// A plan of savings as a page in Markdown.
public struct SavingsPage {
  private let plan: SavingsPlan

  /// Of a plan.
  public init(_ plan: SavingsPlan) { self.plan = plan }

  /// The page.
  public var text: String {
    "# Savings\n\n\(answer)" + spending + measures + service + timeline + questions
  }

  private func range(_ dollars: ClosedRange<Double>) -> String {
    "\(Text.dollars(dollars.lowerBound)) to \(Text.dollars(dollars.upperBound))"
  }

  private var answer: String {
    guard !plan.measures.isEmpty else {
      return "**Nothing of \(Text.dollars(plan.bill.monthly)) a month** can be saved by what is "
        + "known here.\n"
    }
    let share = plan.savedShare
    // To a tenth, so that the target and the ends of the interval differ where they do.
    func percent(_ share: Double) -> String { "\(Text.fixed(100 * share, 1))%" }
    let verdict: String
    if share.lowerBound >= plan.target {
      verdict = "The target of \(Text.percent(plan.target)) is reached even at the lower end."
    } else if share.upperBound >= plan.target {
      verdict = "The target of \(Text.percent(plan.target)) is within the interval; it is not sure."
    } else {
      verdict = "The target of \(Text.percent(plan.target)) is not reached."
    }
    return "**\(range(plan.saving)) of \(Text.dollars(plan.bill.monthly)) a month** can be saved: "
      + "\(percent(share.lowerBound)) to \(percent(share.upperBound)). \(verdict)\n"
  }

  private var spending: String {
    func part(_ title: String, _ rows: [(name: String, dollars: Double)]) -> String {
      "\n### By \(title)\n\n"
        + Text.table(
          [title, "a month", "share"],
          rows.prefix(10).map {
            [
              $0.name.isEmpty ? "–" : $0.name, Text.dollars($0.dollars),
              Text.percent($0.dollars / max(1e-9, plan.bill.monthly)),
            ]
          })
    }
    return "\n## Where the money goes\n\nRead as \(plan.bill.format): "
      + "\(Text.counted(Double(plan.bill.lines), "line")) of "
      + "\(Text.counted(plan.bill.months, "month")).\n"
      + (plan.bill.notes.isEmpty ? "" : "\n" + plan.bill.notes.map { "- \($0).\n" }.joined())
      + part("service", plan.bill.monthly(by: \.service))
      + part("category", plan.bill.monthly(by: \.category))
      + part("way of paying", plan.bill.monthly { $0.payment.rawValue })
      + part("resource", plan.bill.monthly { $0.resource.isEmpty ? $0.meter : $0.resource })
  }

  private var measures: String {
    guard !plan.measures.isEmpty else {
      return "\n## Measures\n\nNothing in this bill shows waste by itself.\n"
    }
    var text =
      "\n## Measures, in their order\n\n"
      + Text.table(
        ["measure", "resources", "cost now", "saves a month", "effort", "risk", "experiments"],
        plan.measures.map {
          [
            $0.kind.rawValue, "\($0.resources.count)", Text.dollars($0.cost), range($0.saving),
            Text.counted($0.days, "day"), $0.kind.risk,
            $0.kind.experiments.map { "`\($0)`" }.joined(separator: ", "),
          ]
        })
    for measure in plan.measures {
      text += "\n**\(measure.kind.rawValue)**\n\n"
      for (reason, resources) in measure.reasons.prefix(12) {
        text += "- \(resources.prefix(12).joined(separator: ", "))"
        text += resources.count > 12 ? " and \(resources.count - 12) more" : ""
        text += ": \(reason).\n"
      }
      if measure.reasons.count > 12 { text += "- \(measure.reasons.count - 12) more.\n" }
    }
    return text
      + "\nA measure applies to what those before it leave. Commitments come last: a commitment to "
      + "what is removed later is wasted.\n"
  }

  private var service: String {
    guard let check = plan.service else { return "" }
    func time(_ seconds: Double) -> String {
      seconds.isFinite ? Text.seconds(seconds) : "no end, since more arrives than is finished"
    }
    var text =
      "\n## The service level\n\nAt \(Text.grouped(check.users)) users the p99 is "
      + "\(time(check.p99.before)) now and \(time(check.p99.after)) with these measures; it may be "
      + "\(Text.seconds(check.level)). Simulated, with demands at the upper ends of their intervals.\n\n"
      + Text.table(
        ["tier", "machines changed", "places now → then", "busy now → then"],
        check.tiers.map {
          [
            $0.name, "\($0.changed)", "\($0.places.before) → \($0.places.after)",
            "\(Text.percent($0.busy.before)) → \(Text.percent($0.busy.after))",
          ]
        })
    if check.p99.before > check.level {
      text += "\nThe service level is not kept as it is: no machine becomes smaller.\n"
    }
    if !check.kept.isEmpty {
      let kept = check.kept.joined(separator: ", ")
      text += "\nNot changed, since the service level would end: \(kept).\n"
    }
    return text
  }

  private var timeline: String {
    guard !plan.measures.isEmpty else { return "" }
    let names = [1: "first week", 2: "weeks 2 and 3", 3: "weeks 4 to 8", 4: "from week 9 on"]
    var (low, high) = (0.0, 0.0)
    let rows = (1...4).compactMap { phase -> [String]? in
      let own = plan.measures.filter { $0.kind.phase == phase }
      guard !own.isEmpty else { return nil }
      low += own.reduce(0) { $0 + $1.saving.lowerBound }
      high += own.reduce(0) { $0 + $1.saving.upperBound }
      return [
        names[phase]!, own.map(\.kind.rawValue).joined(separator: "; "), range(low...high),
        "\(Text.percent(low / plan.bill.monthly)) to \(Text.percent(high / plan.bill.monthly))",
      ]
    }
    return "\n## Timeline\n\n"
      + Text.table(["when", "what", "saved a month until then", "of the bill"], rows)
  }

  private var questions: String {
    guard !plan.questions.isEmpty else { return "" }
    return "\n## What the bill does not say\n\n" + plan.questions.map { "- \($0)\n" }.joined()
  }
}
