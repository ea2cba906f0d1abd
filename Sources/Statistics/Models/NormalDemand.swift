/// The standard normal, for demand that is uncertain.
public enum StandardNormal {
  /// The probability of at most `z`.
  public static func probability(below z: Double) -> Double {
    let half = normalCentral(abs(z)) / 2
    return z < 0 ? 0.5 - half : 0.5 + half
  }

  /// The value that is not exceeded with the probability `share`, from 0 to 1.
  ///
  /// Source: Abramowitz and Stegun, *Handbook of Mathematical Functions*, 26.2.23, and two steps of
  /// Newton's method.
  public static func quantile(_ share: Double) -> Double {
    guard share > 0 else { return -.infinity }
    guard share < 1 else { return .infinity }
    if share < 0.5 { return -quantile(1 - share) }
    let t = (-2 * naturalLogarithm(1 - share)).squareRoot()
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328)
    let below = 1 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308))
    var z = t - above / below
    for _ in 0..<2 { z -= (probability(below: z) - share) / density(z) }
    return z
  }

  /// How far a standard normal exceeds `z` on average, what does not exceed it counting as 0.
  public static func excess(over z: Double) -> Double {
    density(z) - z * (1 - probability(below: z))
  }

  private static func density(_ z: Double) -> Double {
    exponential(-z * z / 2) / (2 * Double.pi).squareRoot()
  }
}

/// How much to buy in advance for a demand that is not known.
///
/// Source: Edgeworth 1888; Arrow, Harris and Marschak, *Optimal Inventory Policy*, Econometrica 19,
/// 1951.
public enum Newsvendor {
  /// The share of cases in which the demand is to be covered.
  /// - Parameters:
  ///   - short: what a missing unit costs more than one bought in advance.
  ///   - over: what a unit that is not needed costs.
  public static func coveredShare(short: Double, over: Double) -> Double { short / (short + over) }

  /// What to buy for normal demand.
  public static func quantity(
    mean: Double, deviation: Double, short: Double, over: Double
  ) -> Double {
    mean + deviation * StandardNormal.quantile(coveredShare(short: short, over: over))
  }
}
