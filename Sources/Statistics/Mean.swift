extension Collection where Element == Double {
  /// The arithmetic mean.
  ///
  /// - Precondition: not empty.
  public func mean() -> Double {
    precondition(!isEmpty, "a mean needs at least one value")
    return reduce(0, +) / Double(count)
  }

  /// The mean of what is left when the share `trim` of the values is cut off at each end; a share
  /// of a value is left in. `trim` 0 is the mean.
  ///
  /// - Precondition: not empty; 0 ≤ `trim` < 0.5.
  public func trimmedMean(_ trim: Double) -> Double {
    precondition(trim >= 0 && trim < 0.5, "less than half can be trimmed at each end")
    let cut = Int(Double(count) * trim)
    return sorted()[cut..<(count - cut)].mean()
  }

  /// The mean on the scale of ratios: a doubling and a halving give 1.
  ///
  /// - Precondition: not empty; all values above 0.
  public func geometricMean() -> Double {
    precondition(allSatisfy { $0 > 0 }, "a geometric mean needs values above 0")
    return exponential(map(naturalLogarithm).mean())
  }

  /// The standard deviation with n − 1, as an estimate of the population's. Zero for one value.
  ///
  /// - Precondition: not empty.
  public func standardDeviation() -> Double {
    let centre = mean()
    guard count > 1 else { return 0 }
    return (reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(count - 1)).squareRoot()
  }
}
