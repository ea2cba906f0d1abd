// The two functions that ratios need, written here because the module imports nothing. They also
// give the same bits on every platform, which the C library does not promise: an interval that is
// recomputed from raw samples elsewhere is the same interval.

/// ln 2 in two parts: the first has so few bits that its product with an exponent is exact.
/// Source: the constants of FDLIBM's `e_log.c` and `e_exp.c` (Sun Microsystems, 1993).
private let ln2High = 6.931_471_803_691_238_164_90e-01
private let ln2Low = 1.908_214_929_270_587_700_02e-10

/// The natural logarithm, to about one unit in the last place. NaN below 0, −∞ at 0.
public func naturalLogarithm(_ value: Double) -> Double {
  guard value > 0 else { return value == 0 ? -.infinity : .nan }
  guard value.isFinite else { return value }
  var exponent = Double(value.exponent)
  var significand = value.significand
  if significand > 1.414_213_562_373_095_1 {
    significand /= 2
    exponent += 1
  }
  // ln m = 2 artanh s with s = (m − 1) / (m + 1); |s| < 0.172, so s²¹ / 21 is the last that counts.
  let s = (significand - 1) / (significand + 1)
  let square = s * s
  var series = 0.0
  // A loop over `stride` takes several times as long without optimisation, as tests are built.
  var odd = 21.0
  while odd >= 3 {
    series = (series + 1 / odd) * square
    odd -= 2
  }
  return exponent * ln2High + (exponent * ln2Low + 2 * s * series + 2 * s)
}

/// e to the power of `value`, to about one unit in the last place.
public func exponential(_ value: Double) -> Double {
  guard !value.isNaN else { return value }
  guard value < 709.782_712_893_384 else { return .infinity }
  guard value > -745.133_219_101_941_2 else { return 0 }
  // value = k ln 2 + r with |r| < 0.35, where 13 terms of Taylor's series are enough.
  let k = (value / (ln2High + ln2Low)).rounded()
  let r = (value - k * ln2High) - k * ln2Low
  var series = 1.0
  var term = 13.0
  while term >= 1 {
    series = 1 + series * r / term
    term -= 1
  }
  let exponent = Int(k)
  // In two steps: the power of two alone can lie outside the range where the result does not.
  let half = exponent / 2
  return series * power(half) * power(exponent - half)
}

private func power(_ exponent: Int) -> Double {
  Double(sign: .plus, exponent: exponent, significand: 1)
}
