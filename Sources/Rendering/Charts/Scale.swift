/// From values to places along one direction of a drawing.
struct Scale: Equatable {
  let isLogarithmic: Bool
  let low: Double
  let high: Double
  /// Where `low` and `high` lie.
  let start: Double
  let end: Double

  /// A scale over all finite values given, with some air around them.
  ///
  /// Logarithmic where all values are above zero, else linear from zero. `atLeast` is the smallest
  /// ratio of the ends, so that a flat line does not fill the picture with noise.
  static func fitting(
    _ values: [Double], from start: Double, to end: Double, atLeast ratio: Double = 1.5,
    air: Double = 0.06
  ) -> Scale {
    let usable = values.filter(\.isFinite)
    guard let least = usable.min(), let most = usable.max() else {
      return Scale(isLogarithmic: true, low: 0.5, high: 2, start: start, end: end)
    }
    if least <= 0 {
      let top = max(most, 0)
      let bottom = min(least, 0)
      let span = top > bottom ? top - bottom : 1
      let floor = bottom < 0 ? bottom - span * air : 0
      return Scale(
        isLogarithmic: false, low: floor, high: bottom + span * (1 + air), start: start, end: end)
    }
    var (low, high) = (least, most)
    if high / low < ratio {
      let middle = (low * high).squareRoot()
      (low, high) = (middle / ratio.squareRoot(), middle * ratio.squareRoot())
    }
    let margin = exp2(log2(high / low) * air)
    return Scale(
      isLogarithmic: true, low: low / margin, high: high * margin, start: start, end: end)
  }

  /// Values outside are drawn at the end.
  func position(_ value: Double) -> Double {
    let bounded = min(max(value, low), high)
    let share =
      isLogarithmic
      ? log2(bounded / low) / log2(high / low) : (bounded - low) / (high - low)
    return start + share * (end - start)
  }

  /// Round values inside, at most about `limit`, coarsest first choice that gives three.
  func ticks(limit: Int = 7) -> [Double] {
    isLogarithmic
      ? Ticks.logarithmic(low: low, high: high, limit: limit)
      : Ticks.linear(low: low, high: high, limit: limit)
  }
}

/// 2 to a small power, by squaring and a Taylor series: the standard library alone has none.
func exp2(_ power: Double) -> Double {
  let whole = power.rounded(.down)
  let x = (power - whole) * 0.693_147_180_559_945_3
  var term = 1.0
  var sum = 1.0
  for n in 1...18 {
    term *= x / Double(n)
    sum += term
  }
  return Double(sign: .plus, exponent: Int(whole), significand: sum)
}
