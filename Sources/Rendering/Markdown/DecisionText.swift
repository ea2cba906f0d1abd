import Results

/// A computed experiment's break-even in sentences.
enum DecisionText {
  /// `“index” costs less than “scan” above 400 reads per hour; the 95% interval runs from 120 to
  /// 1,300.` Nil where there is no break-even to speak of.
  static func finding(_ experiment: ExperimentResult) -> String? {
    guard let decision = experiment.decision, let turn = decision.breakEven else { return nil }
    let metric = experiment.account.metric
    let isBill = metric.unit == .dollarsPerMonth && metric.lowerIsBetter
    func claim(_ isBetter: Bool) -> String {
      let verb =
        isBill
        ? isBetter ? "costs less" : "does not cost less"
        : "is \(isBetter ? "" : "not ")better in \(metric.name)"
      return "“\(decision.candidate)” \(verb) than “\(experiment.baselineName)”"
    }
    guard let value = turn.value else {
      let isBetter = turn.always > turn.never
      let found = claim(isBetter) + (isBetter ? " over the whole sweep" : " anywhere in the sweep")
      return turn.low == nil && turn.high == nil && max(turn.always, turn.never) > 0.975
        ? "\(found): its answer does not turn here." : "\(found), at the inputs' estimates."
    }
    let claim = claim(true)
    if let turns = turn.turns, turns > 2 {
      return
        "\(claim) first \(turn.isBetterAbove ? "above" : "below") \(place(value, experiment)); "
        + "then the answer turns \(turns - 1) times more. The first turn \(interval(turn))."
    }
    if let until = turn.until {
      let ends = [Answer.label(value.label), place(until, experiment)]
      return turn.isBetterAbove
        ? "\(claim) between \(ends[0]) and \(ends[1]); the lower end \(interval(turn))."
        : "\(claim) below \(ends[0]) and above \(ends[1]); the first \(interval(turn))."
    }
    let side = turn.isBetterAbove ? "above" : "below"
    if turn.low == nil, turn.high == nil {
      return "\(claim) \(side) \(place(value, experiment)) at the inputs' estimates, but the "
        + "interval (95 %) covers the whole sweep: the answer is open."
    }
    return "\(claim) \(side) \(place(value, experiment)); its interval \(interval(turn))."
  }

  /// `about 4.4 reads per hour`: a label that is only a number gets its axis.
  static func place(_ place: BreakEven.Place, _ experiment: ExperimentResult) -> String {
    let isNumber = place.label.allSatisfy { $0.isNumber || $0 == "." }
    let label = Answer.label(place.label)
    return isNumber ? "about \(label) \(experiment.account.axis)" : "about \(label)"
  }

  /// In how many of the draws the answer does not turn.
  static func doubt(_ experiment: ExperimentResult) -> [String] {
    guard let turn = experiment.decision?.breakEven else { return [] }
    var parts: [String] = []
    if turn.never >= 0.005, turn.never < 0.975 {
      parts.append("nowhere in the sweep in \(Figures.percent(turn.never)) of the draws")
    }
    if turn.always >= 0.005, turn.always < 0.975 {
      parts.append("everywhere in the sweep in \(Figures.percent(turn.always)) of the draws")
    }
    return parts.isEmpty ? [] : ["It does so \(parts.joined(separator: " and "))."]
  }

  /// `(95 %) runs from 120 to 1,300`; an end beyond the sweep is a word.
  private static func interval(_ turn: BreakEven) -> String {
    let low = turn.low.map { Answer.label($0.label) } ?? "below the sweep"
    let high = turn.high.map { Answer.label($0.label) } ?? "beyond the sweep"
    if low == high {
      return turn.low?.value == turn.high?.value
        ? "is a point: no uncertain input moves it" : "(95 %) is narrower than its two digits"
    }
    return "(95 %) runs from \(low) to \(high)"
  }

  /// The trade's rule beside what was computed.
  static func rule(_ experiment: ExperimentResult) -> String? {
    guard let rule = experiment.account.rule else { return nil }
    let lead = "The rule of thumb: \(rule.text) (\(rule.source))."
    guard let stated = rule.breakEven, let turn = experiment.decision?.breakEven else {
      return lead
    }
    let low = turn.low?.value ?? -.infinity
    let high = turn.high?.value ?? .infinity
    if turn.low == nil, turn.high == nil {
      let values = experiment.points.map { Double($0.parameter.value) }
      guard max(turn.always, turn.never) <= 0.975 else {
        return (values.min() ?? 0) <= stated && stated <= (values.max() ?? 0)
          ? "\(lead) **Here it is refuted**: the answer does not turn in the sweep."
          : "\(lead) It lies outside the sweep, in which the answer does not turn."
      }
      return
        "\(lead) The inputs leave the break-even open over the whole sweep: nothing here could "
        + "refute it."
    }
    if low <= stated, stated <= high {
      return "\(lead) It holds: its break-even lies in the interval computed here."
    }
    let value = turn.value?.value ?? (stated < low ? low : high)
    let factor = Figures.ratio(max(value, stated) / min(value, stated))
    return "\(lead) **Here it is refuted**: the break-even is \(factor) "
      + "\(value > stated ? "higher" : "lower") than it says."
  }
}
