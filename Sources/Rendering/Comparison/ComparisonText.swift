import Results

/// Sentences of a comparison that pages and the terminal share.
enum ComparisonText {
  /// `after against before`
  static func title(_ pair: ComparedPair) -> String {
    "\(pair.right.name) against \(pair.left.name)"
  }

  /// `3 of 258 speedups differ: 1 larger, 2 smaller; 201 the same within 2 %, 54 unresolved.`
  static func finding(_ pair: ComparedPair) -> String {
    let total = pair.candidates.count
    guard total > 0 else { return "The two sides have no measurement in common." }
    let (larger, smaller) = (pair.count(.larger), pair.count(.smaller))
    let differing =
      larger + smaller == 0
      ? "None of \(total) speedups differs beyond noise and 2 %"
      : "\(larger + smaller) of \(total) speedups differ: \(larger) larger, \(smaller) smaller"
    return "\(differing); \(pair.count(.same)) the same within 2 %, "
      + "\(pair.count(.unresolved)) unresolved."
  }

  /// What may be compared between the two.
  static func relation(_ pair: ComparedPair) -> String {
    switch (pair.isSameMachine, pair.isSameBuild) {
    case (true, true):
      "The same machine and toolchain, as far as recorded."
    case (true, false):
      "The same machine, as far as recorded, with different builds."
    case (false, _):
      "Different machines: speedups and the machines' numbers are compared, times are not."
    }
  }

  /// Whether the predictions explain the differences; nil if there are none.
  static func agreement(_ pair: ComparedPair) -> String? {
    let total = pair.candidates.count { $0.agreement != nil }
    guard total > 0 else { return nil }
    let parts: [(ComparedCandidate.Agreement, String)] = [
      (.explained, "explained within the interval"), (.partly, "predicted in the same direction"),
      (.contrary, "predicted in the opposite direction"), (.notPredicted, "not predicted"),
      (.withoutPrediction, "without a prediction"),
    ]
    let listed = parts.filter { pair.count($0.0) > 0 }.map { "\(pair.count($0.0)) \($0.1)" }
    return
      "Unless a model was changed, predictions differ only by the machines' numbers. Of \(total) "
      + "\(total == 1 ? "difference" : "differences"): \(listed.joined(separator: ", "))."
  }

  /// In a cell.
  static func word(_ agreement: ComparedCandidate.Agreement?) -> String {
    switch agreement {
    case .explained: "explained"
    case .partly: "same direction"
    case .contrary: "opposite"
    case .notPredicted: "not predicted"
    case .withoutPrediction: "no prediction"
    case nil: ""
    }
  }

  /// `struct of arrays, 4 MiB`
  static func place(_ candidate: ComparedCandidate, axis: String) -> String {
    "\(candidate.name), \(Answer.place(candidate.parameter.label, axis))"
  }

  static func speedup(_ candidate: CandidateResult) -> String {
    candidate.speedup.map(Figures.ratio) ?? Figures.none
  }

  static func ratio(_ candidate: ComparedCandidate) -> String {
    candidate.ratio.map(Figures.ratio)
      ?? (candidate.evidence == .computed ? "computed" : "too few processes")
  }

  /// `before 10.0 ns → 10.1 ns, after 2.00 ns → 2.31 ns`
  static func times(_ candidate: ComparedCandidate, baseline: String) -> String? {
    guard let times = candidate.times else { return nil }
    let pairs = [(baseline, times.baseline), (candidate.name, times.candidate)]
    return pairs.map { name, values in
      let figures = values.map { Figures.quantity($0, unit: times.unit) }
      return "\(name) \(figures.joined(separator: " → "))"
    }.joined(separator: ", ")
  }

  /// `5 %`
  static func share(_ gate: Gate) -> String { Figures.short(gate.share * 100) + " %" }

  /// What a gate found, a line each.
  static func lines(_ gate: Gate) -> [String] {
    let share = share(gate)
    let counts = gate.risen.map(line)
    guard !gate.fallen.isEmpty else {
      return ["No speedup fell by more than \(share)."] + counts
    }
    return counts
      + gate.fallen.map { fallen in
        let first = "\(fallen.id), \(place(fallen.first, axis: fallen.axis)): "
        let second =
          switch fallen.second {
          case nil: ""
          case .failed(let reason): "; not measured again: \(reason)"
          case .measured(let again, let isConfirmed):
            "; measured again: \(ratio(again)), \(isConfirmed ? "confirmed" : "not confirmed")"
          }
        return first + ratio(fallen.first) + second
      }
  }

  /// `memory/arc-traffic, class, 4 KiB: retains per element 1.0 → 2.0`
  private static func line(_ count: RisenCount) -> String {
    let figures = [count.before, count.after].map { Figures.quantity($0, unit: .count) }
    let place = Answer.place(count.parameter.label, count.axis)
    return "\(count.id), \(count.variant), \(place): \(count.name) "
      + "\(figures[0]) → \(figures[1])"
      + (count.isJudged ? "" : ", not judged")
  }

  /// Experiments that became slower as a whole; nil where there are none.
  static func together(_ gate: Gate) -> String? {
    guard !gate.slowerTogether.isEmpty else { return nil }
    let shown = gate.slowerTogether.prefix(5).joined(separator: ", ")
    let more = gate.slowerTogether.count > 5 ? " and \(gate.slowerTogether.count - 5) more" : ""
    return "Baseline and candidate both took more than \(share(gate)) longer in \(shown)\(more). "
      + "This is a change to both, or drift of the machine; times of two runs can't distinguish "
      + "these, so the gate does not judge them."
  }
}
