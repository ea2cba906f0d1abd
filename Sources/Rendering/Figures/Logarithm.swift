/// Base-2 logarithm of a positive number, to about 1e-15.
///
/// Written here so that a drawing has the same bytes whatever the C library: the standard library
/// alone has no logarithm. log2(m·2^e) = e + 2·atanh((m−1)/(m+1)) ÷ ln 2, the series converging
/// fast as m is brought into √½…√2.
func log2(_ value: Double) -> Double {
  guard value > 0, value.isFinite else { return value == 0 ? -.infinity : .nan }
  var mantissa = value.significand
  var exponent = Double(value.exponent)
  if mantissa > 1.414_213_562_373_095_1 {
    mantissa /= 2
    exponent += 1
  }
  let z = (mantissa - 1) / (mantissa + 1)
  let square = z * z
  var term = z
  var sum = 0.0
  for divisor in stride(from: 1.0, through: 23, by: 2) {
    sum += term / divisor
    term *= square
  }
  return exponent + 2 * sum / 0.693_147_180_559_945_3
}

/// Base-10 logarithm of a positive number.
func log10(_ value: Double) -> Double { log2(value) / 3.321_928_094_887_362_3 }

/// A whole power of ten.
func power10(_ exponent: Int) -> Double {
  var result = 1.0
  for _ in 0..<abs(exponent) { result *= 10 }
  return exponent < 0 ? 1 / result : result
}
