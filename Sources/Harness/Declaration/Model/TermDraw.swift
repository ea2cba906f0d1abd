import Statistics

extension TermInput {
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
