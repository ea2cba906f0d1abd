import Results

/// Sentences and figures of a comparison of two sides in turns that pages and the terminal share.
enum ABText {
  /// `Of 48 measurements 1 is slower and 2 faster; 40 the same within 2 %, 5 unresolved.`
  static func finding(_ comparison: ABComparison) -> String {
    (comparison.isComplete ? "" : "Interrupted before the end. ") + measured(comparison)
  }

  private static func measured(_ comparison: ABComparison) -> String {
    switch comparison.kind {
    case .commands: return comparison.rows.first.map(command) ?? "Nothing was measured."
    case .builds:
      let total = comparison.rows.count
      guard total > 0 else { return "Nothing was measured." }
      let (slower, faster) = (comparison.count(.slower), comparison.count(.faster))
      let changed =
        slower + faster == 0
        ? "None of \(total) measurements differs beyond noise and 2 %"
        : "Of \(total) measurements \(slower) \(slower == 1 ? "is" : "are") slower and \(faster) "
          + "faster"
      return "\(changed); \(comparison.count(.same)) the same within 2 %, "
        + "\(comparison.count(.unresolved)) unresolved."
    }
  }

  private static func command(_ row: ABRow) -> String {
    let figure = Figures.ratio(row.ratio)
    return switch row.verdict {
    case .faster: "The second command is faster: \(figure)."
    case .slower: "The second command is slower: \(figure)."
    case .same: "Both commands take the same time within 2 %: \(figure)."
    case .unresolved, .skipped: "Not resolved: \(figure)."
    }
  }

  /// How a ratio is made, and what the verdict rests on.
  static func method(_ comparison: ABComparison) -> String {
    switch comparison.kind {
    case .commands:
      return "A ratio is the time of the first command ÷ that of the second. Each round ran the "
        + "first command twice, as A and A′, and the second one once, in random order and then in the mirrored order. The null is A ÷ A′. A verdict "
        + "requires that the whole interval lies beyond 2 % and beyond the null."
    case .builds:
      let sides = comparison.sides.map(\.name)
      let again = comparison.rows.count { $0.second != nil }
      return "A ratio is the time of \(sides[0]) ÷ that of \(sides[1]) (of what is better the "
        + "larger it is, the other way round), above 1 if the second is better. The workers of both "
        + "builds took turns, two of the first and one of the second, which is compared with both; the null is one of the first ÷ the other. A verdict requires that the whole interval lies beyond 2 % and beyond the "
        + "null, and that a second measurement says the same"
        + (again == 0 ? "." : " (\(again) \(again == 1 ? "was" : "were") measured again).")
    }
  }

  /// `soa, working set 4 MiB`
  static func place(_ row: ABRow) -> String {
    guard let parameter = row.parameter else { return row.variant }
    return "\(row.variant), \(Answer.place(parameter.label, row.axis))"
  }

  /// The ratio, and what the second measurement says.
  static func ratio(_ row: ABRow) -> String {
    let first = Figures.ratio(row.ratio)
    return row.second.map { "\(first), again \(Figures.ratio($0.ratio))" } ?? first
  }

  /// `slower`, `slower, not confirmed`, `slower, not measured again`, `same (disturbed)`
  static func verdict(_ row: ABRow) -> String {
    let isAlone =
      !row.experiment.isEmpty && row.second == nil && [.slower, .faster].contains(row.first)
    let lost =
      isAlone
      ? "\(row.first.rawValue), not measured again"
      : row.verdict != row.first ? "\(row.first.rawValue), not confirmed" : nil
    return (lost ?? row.verdict.rawValue) + (row.isDisturbed ? " (disturbed)" : "")
  }

  /// What a gate found, a line each.
  static func lines(_ comparison: ABComparison, share: Double) -> [String] {
    guard comparison.isComplete else { return ["Interrupted before there was a decision."] }
    let slower = comparison.slower(by: share)
    let limit = Figures.short(share * 100) + " %"
    let risen = comparison.risen(by: share).map(line)
    guard !slower.isEmpty || !risen.isEmpty else {
      return ["Nothing is slower by more than \(limit)."]
    }
    guard comparison.kind == .builds else {
      return ["The second command is slower by more than \(limit)."]
    }
    return slower.map { "\($0.experiment), \(place($0)): \(ratio($0))" } + risen
  }

  /// `memory/arc-traffic, class: retains 1000 → 2000`
  static func line(_ change: ABCountChange) -> String {
    let figures = [change.before, change.after].map { $0.range.map(CountLimits.figure) ?? "" }
    let varies = change.isExact ? "" : ", varies"
    return "\(change.experiment), \(change.variant): \(change.before.name) "
      + "\(figures[0]) → \(figures[1]) per call\(varies)"
  }

  /// `12 rounds, precise`
  static func effort(_ row: ABRow) -> String {
    let rounds = "\(row.processes) \(row.processes == 1 ? "round" : "rounds")"
    switch row.stop {
    case .precise: return rounds
    case .budget: return "\(rounds), until the time was spent"
    case .interrupted: return "\(rounds), until the interrupt"
    }
  }

  /// A counted quantity; where there is none the reason, or a dash.
  static func counter(_ counter: Counter) -> String {
    counter.value.map { Figures.quantity($0, unit: counter.unit) } ?? counter.unavailable
      ?? Figures.none
  }

  /// First ÷ second; a dash where a run has none of it.
  static func ratio(_ count: ABRow.Count) -> String {
    count.ratio.map(Figures.ratio) ?? Figures.none
  }

  /// `main (1a2b3c4 Sort by key)`
  static func side(_ side: ABComparison.Side) -> String {
    side.detail.isEmpty ? side.name : "\(side.name) (\(side.detail))"
  }

  /// `memory/arena, malloc: only in main: no such variant there`
  static func line(_ missing: ABComparison.Missing, _ comparison: ABComparison) -> String {
    guard let side = missing.side else { return "\(missing.place): \(missing.reason)" }
    return "\(missing.place): only in \(comparison.sides[1 - side].name)"
  }
}
