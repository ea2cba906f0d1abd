/// The z with the probability `level` between −z and z of the standard normal.
func normalCriticalValue(_ level: Double) -> Double {
  precondition(level > 0 && level < 1, "a level lies between 0 and 1")
  var low = 0.0
  var high = 40.0
  while true {
    let middle = low / 2 + high / 2
    if middle <= low || middle >= high { return high }
    if normalCentral(middle) < level { low = middle } else { high = middle }
  }
}

/// The probability of a value between −`z` and `z`, z ≥ 0.
///
/// Source: Abramowitz and Stegun, *Handbook of Mathematical Functions*, 26.2.11.
func normalCentral(_ z: Double) -> Double {
  guard z < 9 else { return 1 }
  var term = z
  var sum = z
  var odd = 3.0
  while term > sum * 1e-17 {
    term *= z * z / odd
    sum += term
    odd += 2
  }
  return (2 / Double.pi).squareRoot() * exponential(-z * z / 2) * sum
}

extension SeededGenerator {
  /// A value of the standard normal.
  ///
  /// Source: Marsaglia and Bray, *A Convenient Method for Generating Normal Variables*, 1964.
  public mutating func normal() -> Double {
    while true {
      let x = Double.random(in: -1...1, using: &self)
      let y = Double.random(in: -1...1, using: &self)
      let square = x * x + y * y
      if square > 0, square < 1 { return x * (-2 * naturalLogarithm(square) / square).squareRoot() }
    }
  }
}
