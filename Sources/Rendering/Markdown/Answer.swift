import Results

/// The answer of an experiment in a sentence or two, with its verdict: never a bare number.
public enum Answer {
  /// As Markdown, the finding in bold.
  public static func markdown(_ experiment: ExperimentResult) -> String {
    let answer = sentences(experiment)
    let finding = "**\(Markdown.text(answer.finding))**"
    return ([finding] + answer.rest.map(Markdown.text)).joined(separator: " ")
  }

  /// As plain text.
  public static func plain(_ experiment: ExperimentResult) -> String {
    let answer = sentences(experiment)
    return ([answer.finding] + answer.rest).joined(separator: " ")
  }

  private static func sentences(
    _ experiment: ExperimentResult
  ) -> (finding: String, rest: [String]) {
    switch experiment.status {
    case .skipped:
      return ("Skipped:", [ended(experiment.reason ?? "no reason was given")])
    case .failed:
      return ("Failed:", [ended(experiment.reason ?? "no reason was given")])
    case .pending: return ("Predicted, not yet measured.", [])
    case .measured:
      guard let headline = experiment.headline else {
        return ("Nothing was measured.", [])
      }
      let turn = DecisionText.finding(experiment)
      return (
        turn ?? finding(experiment, headline),
        (turn == nil ? [] : DecisionText.doubt(experiment) + [finding(experiment, headline)])
          + doubt(headline, of: experiment) + others(experiment, headline)
          + YardstickText.sentences(experiment, headline.candidate)
          + [overall(experiment, headline)].compactMap { $0 }
          + [prediction(headline.candidate), replaced(experiment)].compactMap { $0 }
      )
    }
  }

  /// What the headline's candidate is worth, in a sentence.
  static func finding(
    _ experiment: ExperimentResult, _ headline: ExperimentResult.Headline
  ) -> String {
    let candidate = headline.candidate
    let figure = candidate.speedup.map(Figures.ratio) ?? Figures.none
    let metric = experiment.account.metric
    let subject = metric.isTime ? "" : "In \(metric.name), "
    let (name, base) = ("“\(candidate.name)”", "“\(experiment.baselineName)”")
    let claim =
      switch candidate.verdict {
      case .faster: "\(name) is \(metric.isTime ? "faster" : "better") than \(base)"
      case .slower: "\(name) is \(metric.isTime ? "slower" : "worse") than \(base)"
      case .same: "\(name) and \(base) are the same"
      case .unresolved, .skipped: "\(name) compared with \(base) is unresolved"
      }
    return "\(subject)\(claim): \(figure) \(full(headline.point, experiment.account))."
  }

  /// Why there is no verdict.
  private static func doubt(
    _ headline: ExperimentResult.Headline, of experiment: ExperimentResult
  ) -> [String] {
    guard headline.candidate.verdict == .unresolved else { return [] }
    let null = headline.point.null.map(Figures.ratio) ?? Figures.none
    switch headline.point.doubt(of: headline.candidate) {
    case .fewProcesses: return ["Fewer than five processes gave a value: too few for a verdict."]
    case .direction where experiment.knownBy == .computed:
      return ["The uncertain inputs leave open which is better there."]
    case .direction: return ["The interval includes 1: which of them is better is open."]
    case .noise:
      return ["The interval reaches the noise floor: the baseline against itself is \(null)."]
    case .small:
      return ["The interval reaches differences below 2%, the smallest that get a verdict."]
    case .disturbed, nil: return headline.point.warnings.map(ended)
    }
  }

  /// `4 MiB`, `64-byte churn`; a label that is only a number gets its axis without its remark:
  /// `8 messages per batch`, `depth = 2`.
  static func place(_ point: PointResult, _ axis: String) -> String {
    place(point.parameter.label, axis)
  }

  static func place(_ label: String, _ axis: String) -> String {
    guard label.allSatisfy(\.isNumber) else { return label }
    let (name, number) = (named(axis), Self.label(label))
    let noun = [" per ", " a ", " of ", " between ", " on ", " in "].reduce(name) { noun, word in
      noun.firstRange(of: word).map { String(noun[..<$0.lowerBound]) } ?? noun
    }
    return noun.hasSuffix("s") && label != "1" ? "\(number) \(name)" : "\(name) = \(number)"
  }

  /// A label as a row's first cell: `4 MiB`, `4,096`.
  static func label(_ label: String) -> String {
    label.allSatisfy(\.isNumber) ? Figures.grouped(label) : label
  }

  /// An axis without the remark that its title carries in brackets.
  private static func named(_ axis: String) -> String {
    axis.firstRange(of: " (").map { String(axis[..<$0.lowerBound]) } ?? axis
  }

  /// `4 MiB, 8 MiB`; where names have commas of their own, `2 threads, own blocks; 4 threads`.
  static func listed(_ places: [String]) -> String {
    places.joined(separator: places.contains { $0.contains(",") } ? "; " : ", ")
  }

  /// `at 4 MiB`; a named case stands in quotation marks: `for “freed by another thread”`.
  static func at(_ point: PointResult, _ account: Account) -> String {
    at(point.parameter.label, axis: account.axis, isNumeric: account.numericAxis)
  }

  /// The same for a sentence that stands alone: `at 4 MiB (working set)`.
  private static func full(_ point: PointResult, _ account: Account) -> String {
    let (label, axis) = (point.parameter.label, named(account.axis))
    let short = at(point, account)
    let saysAxis = label.allSatisfy(\.isNumber) || words(axis).isSubset(of: words(label))
    return account.numericAxis && !saysAxis ? "\(short) (\(axis))" : short
  }

  /// Without the s of a plural.
  private static func words(_ text: String) -> Set<Substring> {
    Set(text.split(separator: " ").map { $0.hasSuffix("s") ? $0.dropLast() : $0 })
  }

  static func at(_ label: String, axis: String, isNumeric: Bool) -> String {
    isNumeric ? "at \(place(label, axis))" : "for “\(label)”"
  }

  /// The other candidates at the same point, and the references without a verdict of theirs.
  /// Yardsticks have a sentence of their own.
  private static func others(
    _ experiment: ExperimentResult, _ headline: ExperimentResult.Headline
  ) -> [String] {
    let others = headline.point.candidates.filter {
      $0.name != headline.candidate.name && experiment.yardstick($0.name) == nil
    }
    guard !others.isEmpty else { return [] }
    let parts = others.map { candidate in
      let name = "“\(candidate.name)”"
      guard let speedup = candidate.speedup else { return "\(name) not measured" }
      let word =
        experiment.isReference(candidate.name) ? "reference" : candidate.verdict.rawValue
      return "\(name) \(Figures.ratio(speedup)) (\(word))"
    }
    return ["At the same point: \(parts.joined(separator: ", "))."]
  }

  /// What the headline's candidate did over the whole sweep: one point stands for none but itself.
  private static func overall(
    _ experiment: ExperimentResult, _ headline: ExperimentResult.Headline
  ) -> String? {
    guard let (least, most) = experiment.headlineRange else { return nil }
    let all = experiment.measuredPoints.flatMap(\.candidates).filter {
      $0.name == headline.candidate.name && $0.speedup != nil
    }
    let counts = Verdict.allCases.compactMap { verdict -> String? in
      let count = all.filter { $0.verdict == verdict }.count
      return count == 0 ? nil : "\(count) \(verdict.rawValue)"
    }
    let (low, high) = (Figures.ratio(least), Figures.ratio(most))
    return "Points of the sweep: \(counts.joined(separator: ", ")); "
      + (low == high ? "\(low) throughout." : "from \(low) to \(high).")
  }

  /// Says so where the headline that the experiment declares could not be measured.
  private static func replaced(_ experiment: ExperimentResult) -> String? {
    guard let (variant, point) = experiment.missedHeadline else { return nil }
    return "The declared headline, \(variant) \(at(point, experiment.account)), has no result here."
  }

  private static func prediction(_ candidate: CandidateResult) -> String? {
    guard let predicted = candidate.predicted else { return nil }
    let figure = Figures.ratio(predicted)
    return candidate.isRefuted == true
      ? "The model, which predicted \(figure), is refuted." : "The prediction was \(figure)."
  }

  /// A sentence ends with a full stop.
  static func ended(_ text: String) -> String {
    guard let last = text.last, !".!?".contains(last) else { return text }
    return text + "."
  }
}
