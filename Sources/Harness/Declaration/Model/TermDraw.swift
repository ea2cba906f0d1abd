import Statistics

extension TermInput {
  /// Nine of ten measured speedups lie within this factor of the predicted ones, apart from what both
  /// intervals explain: found on the machines whose runs are stored, each left out in turn
  /// (METHODOLOGY, *How accurate the models are*).
  static let usualError = 1.4

  /// What models leave out, as a factor: log-normal, 90% within the usual error.
  static let leftOut: TermInput = {
    let end = exponential(naturalLogarithm(usualError) * reach / 1.644854)
    return TermInput(
      name: "what the model leaves out", estimate: 1, low: 1 / end, high: end, unit: .count,
      source: "METHODOLOGY.md")
  }()

  /// The z between whose negative and itself 95% of a standard normal lie.
  private static let reach = 1.959964

  /// A value from its interval.
  func draw(using generator: inout SeededGenerator) -> Double {
    switch spread {
    case .range: placed(at: Double.random(in: -1...1, using: &generator))
    case .interval: drawn(at: generator.normal())
    }
  }

  /// Uniform on either side of the estimate, which is the median.
  private func placed(at place: Double) -> Double {
    estimate + abs(place) * ((place < 0 ? low : high) - estimate)
  }

  /// Each side as wide as the interval is there; the estimate is the median. Log-normal, and normal
  /// where the interval reaches zero.
  private func drawn(at z: Double) -> Double {
    guard low <= estimate, estimate <= high else { return estimate }
    let (end, steps) = (z < 0 ? low : high, abs(z) / Self.reach)
    return low > 0
      ? estimate * exponential(steps * naturalLogarithm(end / estimate))
      : estimate + steps * (end - estimate)
  }
}
