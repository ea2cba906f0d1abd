import Statistics

extension TermInput {
  /// The z between whose negative and itself 95% of a standard normal lie.
  private static let reach = 1.959964

  /// A value from its interval.
  func draw(using generator: inout SeededGenerator) -> Double {
    switch spread {
    case .range: low < high ? Double.random(in: low...high, using: &generator) : estimate
    case .interval:
      logNormal(generator.normal())
    }
  }

  /// Each side as wide as the interval is there; the estimate is the median.
  private func logNormal(_ z: Double) -> Double {
    guard low > 0, low <= estimate, estimate <= high else { return estimate }
    let end = z < 0 ? low : high
    return estimate * exponential(abs(z) / Self.reach * naturalLogarithm(end / estimate))
  }
}
