/// The third challenge: cut a bill of $50,000 a month by 30%, with nothing sound cut.
public struct SavingsExercise: Sendable {
  /// Bill, utilisation, and what is wasted in it.
  public let bill: GeneratedBill

  /// - Parameter seed: of the bill.
  public init(seed: UInt64) { bill = GeneratedBill(seed: seed) }

  /// The story, in Markdown.
  public static let story = """
    # The bill

    `bill.csv` (FOCUS 1.0) is what a shop paid for its cloud in October: $50,000. `utilisation.csv` \
    says what its resources are used for. Find at least 30% that can go while the shop stays as fast: \
    say in `answers.md` for each measure what it saves a month, and which resources are touched.

    """

  /// The form to fill in.
  public static var form: String {
    "# Answers\n\nFill in the dollars that are saved a month; leave empty what is not worth it.\n\n"
      + Measure.Kind.allCases.map { "\($0.rawValue):\n" }.joined()
      + "\nDone last (a measure of the list):\n"
      + "Resources that you touch, separated by spaces:\n"
  }

  /// Grades answers.
  /// - Throws: `AssessmentError`.
  public func grade(_ answers: Answers, _ plan: SavingsPlan) -> Grade {
    var points: [Grade.Point] = []
    let large = bill.waste.filter { $0.cost >= 0.01 * plan.bill.monthly }
    var total = 0.0
    for waste in large {
      let measure = plan.measures.first { $0.kind == waste.kind }
      let saving = measure?.saving ?? 0...waste.cost
      let most = 70 / Double(large.count)
      let name = waste.kind.rawValue
      guard let given = answers.number(name), given > 0 else {
        points.append(.init(name, 0, of: most, "missing; \(Self.range(saving)) a month"))
        continue
      }
      let isNear = given >= 0.7 * saving.lowerBound && given <= 1.3 * saving.upperBound
      let isRough = given >= 0.4 * saving.lowerBound && given <= 2.5 * saving.upperBound
      if isRough { total += min(given, saving.upperBound) }
      points.append(
        .init(
          name, isNear ? most : isRough ? most / 2 : 0, of: most,
          "\(Self.range(saving)) a month"))
    }
    let share = total / plan.bill.monthly
    points.append(
      .init(
        "30% saved", 15 * min(1, share / 0.3), of: 15,
        "\(Text.percent(share)) of the bill, as far as the measures can"))
    let touched = Set(
      answers["resources that you touch, separated by spaces"].split { " ,;".contains($0) }
        .map(String.init))
    let cut = touched.intersection(bill.sound)
    let isAny = !touched.isDisjoint(with: bill.waste.flatMap(\.resources))
    points.append(
      .init(
        "nothing sound is cut", cut.isEmpty && isAny ? 10 : 0, of: 10,
        isAny || !cut.isEmpty
          ? cut.sorted().prefix(5).joined(separator: ", ") : "no resource with waste is named"))
    let isOrdered = answers["done last (a measure of the list)"].lowercased().contains("commit")
    points.append(
      .init(
        "commitments come last", isOrdered ? 5 : 0, of: 5,
        "a commitment to what is removed later is wasted"))
    return Grade(
      points: points,
      truth: "## What was planted\n\n"
        + Text.table(
          ["waste", "resources", "costs a month"],
          bill.waste.map { [$0.kind.rawValue, "\($0.resources.count)", Text.dollars($0.cost)] })
        + "\n## The model answer\n\n" + SavingsPage(plan).text)
  }

  private static func range(_ dollars: ClosedRange<Double>) -> String {
    "\(Text.dollars(dollars.lowerBound)) to \(Text.dollars(dollars.upperBound))"
  }
}
