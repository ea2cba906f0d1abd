/// Student's t with a whole number of degrees of freedom.
///
/// Source: Abramowitz and Stegun, *Handbook of Mathematical Functions*, 26.7.3 and 26.7.4.
struct StudentDistribution {
  let degreesOfFreedom: Int

  init(degreesOfFreedom: Int) {
    precondition(degreesOfFreedom >= 1, "Student's t needs at least one degree of freedom")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The probability of a value between −`t` and `t`.
  func central(_ t: Double) -> Double {
    let freedom = Double(degreesOfFreedom)
    let cosine = (freedom / (freedom + t * t)).squareRoot()
    let sine = t / (freedom + t * t).squareRoot()
    let isOdd = degreesOfFreedom % 2 == 1
    var term = isOdd ? cosine : 1
    var sum = degreesOfFreedom == 1 ? 0 : term
    for step in stride(from: isOdd ? 2 : 1, through: degreesOfFreedom - 3, by: 2) {
      term *= Double(step) / Double(step + 1) * cosine * cosine
      sum += term
    }
    guard isOdd else { return sine * sum }
    return 2 / Double.pi * (arcTangent(t / freedom.squareRoot()) + sine * sum)
  }

  /// The t with the probability `level` between −t and t.
  func criticalValue(_ level: Double) -> Double {
    precondition(level > 0 && level < 1, "a level lies between 0 and 1")
    var low = 0.0
    var high = 1.0
    while central(high) < level, high < 1e12 { high *= 2 }
    while true {
      let middle = low / 2 + high / 2
      if middle <= low || middle >= high { return high }
      if central(middle) < level { low = middle } else { high = middle }
    }
  }
}

/// The angle whose tangent is `value`, by halving it until the series is short.
private func arcTangent(_ value: Double) -> Double {
  guard value.isFinite else { return value < 0 ? -.pi / 2 : .pi / 2 }
  var tangent = value
  for _ in 0..<3 { tangent /= 1 + (1 + tangent * tangent).squareRoot() }
  // |tangent| < 0.199, so the term of degree 23 is the last that counts.
  let square = tangent * tangent
  var series = 0.0
  for odd in stride(from: 23.0, through: 1, by: -2) { series = 1 / odd - series * square }
  return 8 * tangent * series
}
