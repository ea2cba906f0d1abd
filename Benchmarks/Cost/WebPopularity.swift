import Simulation

/// Ten million rows whose popularity follows Zipf's law, as that of web objects does: Breslau and
/// others, *Web Caching and Zipf-like Distributions*, INFOCOM 1999, found exponents of 0.64 to 0.83.
enum WebPopularity {
  private static let exponents = [0.6, 0.7, 0.8, 0.9]
  private static let curves = exponents.map { HitCurve(keys: 10_000_000, exponent: $0) }

  /// The hit ratio of a cache that holds a share of the rows, straight between the exponents.
  static func hitRatio(exponent: Double, holding share: Double) -> Double {
    let place = min(max((exponent - exponents[0]) / 0.1, 0), Double(curves.count) - 1.001)
    let below = Int(place)
    let ends = curves[below...(below + 1)].map { $0.hitRatio(holding: share) }
    return ends[0] + (place - Double(below)) * (ends[1] - ends[0])
  }
}
