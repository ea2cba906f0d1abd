import Results

/// What a model expects of each variant, term on term, beside what was measured of it.
struct TermChart: Equatable {
  /// A term in a bar.
  struct Part: Equatable {
    /// Among the terms of the chart: gives its letter and its ink.
    var index: Int
    var name: String
    var value: Double
    /// Whether it is overlapped by another, and adds nothing.
    var isHidden: Bool
    var text: String
  }

  /// A variant.
  struct Pair: Equatable {
    var name: String
    var parts: [Part]
    var total: Double
    var totalText: String
    /// In the unit of the parts; nil where only ratios were predicted.
    var measured: Interval?
    var measuredText: String
    /// `error +12 %`; empty without a measured value.
    var error: String

    /// What its bars reach.
    var extent: Double {
      let stack = parts.filter { !$0.isHidden && $0.value > 0 }.reduce(0) { $0 + $1.value }
      return max(stack, measured?.high ?? 0)
    }
  }

  /// Variants of a point.
  struct Group: Equatable {
    var title: String
    var pairs: [Pair]

    /// Bars of one scale would hide the parts of the shorter ones.
    var isScaledApart: Bool {
      let extents = pairs.map(\.extent).filter { $0 > 0 }
      guard let least = extents.min(), let most = extents.max() else { return false }
      return most > least * 6
    }
  }

  var title: String
  var subtitle: String
  var description: String
  /// How the values beside the predictions are known.
  var evidence: Evidence
  /// The terms with their places among all.
  var terms: [Part]
  var groups: [Group]

  /// The picture.
  func drawing() -> Drawing {
    let header = Header(title: title, subtitle: subtitle, legend: legend)
    let bars = TermBars(self, top: header.bottom)
    return Drawing(
      width: Layout.width, height: bars.bottom, title: title, description: description,
      elements: header.elements + bars.elements)
  }

  private var legend: [LegendItem] {
    terms.map { term in
      LegendItem(
        swatch: .letter(.series(term.index), TermView.letter(term.index), isHollow: term.isHidden),
        text: term.isHidden ? "\(term.name) (overlapped)" : term.name)
    }
  }
}

extension TermChart {
  /// Of an experiment whose predictions have terms; else nil.
  init?(_ experiment: ExperimentResult) {
    guard let view = TermView(experiment) else { return nil }
    groups = view.points.map { point in
      let pairs = (point.predictions ?? []).filter { predicted in
        point.variants.contains { $0.name == predicted.name }
      }.map { Self.pair($0, at: point, experiment, view) }
      return Group(title: Answer.place(point, experiment.account.axis), pairs: pairs)
    }.filter { !$0.pairs.isEmpty }
    guard !groups.isEmpty else { return nil }
    let parts = groups.flatMap(\.pairs).flatMap(\.parts)
    terms = view.terms(of: view.points.flatMap { $0.predictions ?? [] }).compactMap { index, _ in
      // Overlapped in one variant and seen in another, it is shown as seen.
      parts.first { $0.index == index && !$0.isHidden } ?? parts.first { $0.index == index }
    }
    evidence = experiment.knownBy
    let isMeasured = groups.flatMap(\.pairs).contains { $0.measured != nil }
    title = isMeasured ? "Predicted terms and \(evidence.rawValue) values" : "Predicted terms"
    let subject = view.points.first.map { view.subject(at: $0) } ?? ""
    let scale = groups.contains(where: \.isScaledApart) ? "; each variant to its own scale" : ""
    let place = groups.count == 1 ? ", \(groups[0].title)" : ""
    subtitle = subject.prefix(1).uppercased() + subject.dropFirst() + place + scale
    let word = evidence.rawValue
    description = groups.map { Self.words($0, word) }.joined(separator: " ")
  }

  private static func pair(
    _ predicted: PredictedVariant, at point: PointResult, _ experiment: ExperimentResult,
    _ view: TermView
  ) -> Pair {
    let measured = TermView.measured(predicted, at: point)
    func text(_ value: Double) -> String { TermView.figure(value, of: predicted, at: point) }
    let error = measured.flatMap {
      $0.estimate > 0 ? (predicted.total - $0.estimate) / $0.estimate : nil
    }
    return Pair(
      name: experiment.label(predicted.name),
      parts: predicted.terms.map { term in
        Part(
          index: view.index(of: term), name: term.name, value: term.value,
          isHidden: term.isHidden, text: text(term.value))
      }, total: predicted.total, totalText: text(predicted.total), measured: measured,
      measuredText: measured.map { text($0.estimate) } ?? "",
      error: error.map { "error \(Figures.predictionError($0))" } ?? "")
  }

  private static func words(_ group: Group, _ word: String) -> String {
    let pairs = group.pairs.map { pair in
      let parts = pair.parts.map { "\($0.name) \($0.text)\($0.isHidden ? " overlapped" : "")" }
      let measured = pair.measured == nil ? "" : ", \(word) \(pair.measuredText)"
      return
        "\(pair.name) predicted \(pair.totalText) (\(parts.joined(separator: ", ")))\(measured)"
    }
    return "At \(group.title): \(pairs.joined(separator: "; "))."
  }
}
