import Results

/// The questions and answers of a quiz.
public enum QuizText {
  /// An experiment without its numbers, and what is asked; nil where it has no headline.
  public static func question(_ experiment: ExperimentResult) -> String? {
    guard let headline = experiment.headline else { return nil }
    let account = experiment.account
    let names = experiment.variantNames + ["speedup"]
    let places = Dictionary(uniqueKeysWithValues: Set(names).map { ($0, "?") }).merging(
      ["point": headline.point.parameter.label]) { $1 }
    let diagram = account.diagram.isEmpty ? "" : DiagramBlock.filled(account.diagram, places)
    // What several variants share is shown once.
    let codes = account.sources.map(\.code)
    let code = codes.indices.filter { codes.firstIndex(of: codes[$0]) == $0 }.map { index in
      let names = account.sources.filter { $0.code == codes[index] }.map(\.variant)
      return "── \(names.joined(separator: ", "))\n\(codes[index])"
    }
    let place = Answer.at(
      headline.point.parameter.label, axis: account.axis, isNumeric: account.numericAxis)
    let baseline = headline.point.variants.first?.name ?? "the baseline"
    let asked =
      "How much faster than '\(baseline)' is '\(headline.candidate.name)' \(place)?"
    return ([experiment.title, account.claim, diagram] + code + [asked])
      .filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  /// How to answer.
  public static let howToGuess =
    "Baseline ÷ candidate, 3 or 0.8; better a range that you are 80 % sure of, 2-5; s to skip: "

  /// How to answer.
  public static let howToJudge = "faster, slower or same (within 2 %): "

  /// What was measured, and how far the answer was.
  public static func answer(_ answer: Quiz.Answer) -> String {
    let far =
      answer.factor < 1.1
      ? "you were right within 10 %"
      : "you expected \(Figures.ratio(answer.expected)), "
        + "\(Figures.ratio(answer.factor)) too \(answer.error > 1 ? "much" : "little")"
    let range = answer.isInRange.map { $0 ? "; your range holds it" : "; outside your range" } ?? ""
    let verdict =
      switch answer.isVerdictRight {
      case true?: "; the verdict is right"
      case false?: "; the verdict is \(answer.measuredVerdict.rawValue)"
      case nil: "; the verdict is unresolved here"
      }
    return "Measured: \(Figures.ratio(answer.measured)): \(far)\(range)\(verdict).\n"
  }

  /// The score so far; empty without an answer.
  public static func score(_ quiz: Quiz, width: Int, colour: Bool) -> String {
    let scores = QuizScore.all(quiz)
    guard !scores.isEmpty else { return "" }
    var table = TerminalTable([
      .init(""), .init("answers", alignsRight: true), .init("median factor", alignsRight: true),
      .init("expected ÷ measured", alignsRight: true), .init("verdicts right", alignsRight: true),
      .init("ranges right (aim: 80 %)", alignsRight: true),
    ])
    for score in scores {
      table.add([
        .init(score.name), .init(String(score.count)), .init(Figures.ratio(score.factor)),
        .init(Figures.ratio(score.bias)), .init(share(score.verdicts)), .init(share(score.ranges)),
      ])
    }
    return table.render(width: width, colour: colour)
  }

  private static func share(_ part: (right: Int, all: Int)) -> String {
    part.all == 0 ? Figures.none : "\(part.right) of \(part.all)"
  }
}
