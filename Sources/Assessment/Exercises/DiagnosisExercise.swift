import Statistics

/// The first challenge: name the bottlenecks of a slow shop from its metrics.
public struct DiagnosisExercise: Sendable {
  /// Faults that a case has, by the names of the Shop's switches, with the kinds that name them.
  public static let cases: [(names: [String], kinds: [Finding.Kind])] = [
    (["missing-index", "no-keep-alive"], [.scans, .connections]),
    (["n-plus-one", "no-keep-alive"], [.repeatedCalls, .connections]),
    (["memory-leak", "synchronous-log"], [.memoryGrowth, .flushes]),
    (["retry-storm", "connection-per-request"], [.retries, .databaseConnections]),
    (["hot-row", "no-keep-alive"], [.readsThatWrite, .connections]),
    (["checkout-lock", "memory-leak"], [.serialised, .memoryGrowth]),
    (["chatty-calls", "retry-storm"], [.repeatedCalls, .retries]),
    (["pool-too-small", "synchronous-log"], [.poolTooSmall, .flushes]),
  ]

  /// The faults that are planted.
  public let names: [String]
  /// What has to be named.
  public let kinds: [Finding.Kind]

  /// - Parameter seed: decides the case.
  public init(seed: UInt64) {
    var random = SeededGenerator(seed: seed, stream: 0xA551)
    let drawn = Self.cases[Int.random(in: 0..<Self.cases.count, using: &random)]
    (names, kinds) = (drawn.names, drawn.kinds)
  }

  /// The story, in Markdown.
  public static let story = """
    # The slow shop

    A shop on the web has become slow. You have its metrics of some seconds under its usual load, in \
    `data/`: the kernel's counters (`proc.txt`), what the shop exports (`metrics.txt`), its access log \
    and its traces. Two things are wrong with it.

    Name both in `answers.md`, with the figure that shows it, what a cure would gain and what it would \
    cost. `perflab show` describes the experiments; `vmstat`-like tables can be made of `proc.txt` by \
    hand. Whoever asks `perflab diagnose data` learns less.

    """

  /// The form to fill in.
  public static var form: String {
    var text = "# Answers\n\nFill in behind the colons. A bottleneck is a number of this list:\n\n"
    for (index, kind) in Finding.Kind.allCases.enumerated() {
      text += "\(index + 1). \(kind.rawValue)\n"
    }
    for number in 1...2 {
      text += """

        Bottleneck \(number):
        Evidence \(number) (a figure from the data):
        Gain \(number) (times as fast, from - to):
        Effort \(number) (days):

        """
    }
    return text
  }

  /// Grades answers.
  /// - Parameter diagnosis: perflab's own, of the same data: the model answer.
  public func grade(_ answers: Answers, _ diagnosis: Diagnosis) -> Grade {
    let named = (1...2).map { number -> Finding.Kind? in
      let text = answers["bottleneck \(number)"].lowercased()
      let place = answers.number("bottleneck \(number)")
      return zip(1..., Finding.Kind.allCases).first {
        text.contains($0.1.rawValue) || Double($0.0) == place
      }?.1
    }
    var points: [Grade.Point] = []
    for kind in kinds {
      let number = named.firstIndex(of: kind).map { $0 + 1 }
      points.append(
        .init(
          "named: \(kind.rawValue)", number == nil ? 0 : 25, of: 25,
          number == nil ? "missing" : "found"))
      let model = diagnosis.findings.first { $0.kind == kind }
      points.append(evidence(answers, number, model))
      points.append(gain(answers, number, model))
      points.append(effort(answers, number, kind))
    }
    let wrong = named.compactMap(\.self).filter { !kinds.contains($0) }
    points.append(
      .init(
        "nothing named that is not there", wrong.isEmpty && named.contains { $0 != nil } ? 10 : 0,
        of: 10, wrong.isEmpty ? "" : wrong.map(\.rawValue).joined(separator: "; ")))
    return Grade(
      points: points,
      truth: "## What was wrong\n\n"
        + zip(names, kinds).map { "- `\($0)`: \($1.rawValue). Cure: \(Cure.of($1).measure).\n" }
        .joined()
        + "\n## The model answer\n\n" + DiagnosisPage(diagnosis).text)
  }

  private func evidence(_ answers: Answers, _ number: Int?, _ model: Finding?) -> Grade.Point {
    let most = 8.0
    guard let number else { return .init("its evidence", 0, of: most, "no answer") }
    let given = answers.numbers("evidence \(number) (a figure from the data)")
    let known = model?.evidence.flatMap { Answers("x: \($0.figure)").numbers("x") } ?? []
    // A figure that the data have, to a quarter; a person may have taken another window.
    let isKnown = given.contains { own in known.contains { abs(own - $0) <= 0.25 * max(own, $0) } }
    return .init(
      "its evidence", given.isEmpty ? 0 : isKnown ? most : most / 4, of: most,
      given.isEmpty
        ? "no figure"
        : isKnown ? "a figure of the model answer" : "a figure; the model answer has others")
  }

  private func gain(_ answers: Answers, _ number: Int?, _ model: Finding?) -> Grade.Point {
    guard let number else { return .init("its gain", 0, of: 7, "no answer") }
    let name = "gain \(number) (times as fast, from - to)"
    guard let expected = model?.gain?.range else {
      let says = !answers[name].isEmpty
      return .init("its gain", says ? 7 : 0, of: 7, "any answer: the data don't say")
    }
    let given = answers.numbers(name)
    guard let low = given.min(), let high = given.max() else {
      return .init("its gain", 0, of: 7, "no number")
    }
    // An interval that holds everything says nothing: its middle counts.
    let middle = (low * high).squareRoot()
    let meets = middle <= expected.upperBound * 1.25 && middle >= expected.lowerBound * 0.75
    return .init(
      "its gain", meets ? 7 : 2, of: 7,
      "expected \(Text.figure(expected.lowerBound)) to \(Text.figure(expected.upperBound))")
  }

  private func effort(_ answers: Answers, _ number: Int?, _ kind: Finding.Kind) -> Grade.Point {
    guard let number, let days = answers.number("effort \(number) (days)") else {
      return .init("its cost", 0, of: 5, "no number of days")
    }
    let expected = Cure.of(kind).days
    let meets = days >= expected.lowerBound / 2 && days <= expected.upperBound * 2
    return .init(
      "its cost", meets ? 5 : 2, of: 5,
      "\(Text.figure(expected.lowerBound)) to \(Text.figure(expected.upperBound)) days")
  }
}
