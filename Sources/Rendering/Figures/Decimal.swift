/// A number in decimal digits, rounded and written without a locale.
///
/// It starts from the shortest digits that read back as the same `Double` (what `description`
/// gives), so that rounding is exact in decimal and the same on every machine.
struct Decimal: Equatable {
  var isNegative: Bool
  /// Significant digits without leading zeros; empty for zero.
  var digits: [UInt8]
  /// The value is 0.d₁d₂d₃… × 10^exponent.
  var exponent: Int

  /// Nil for infinities and NaN.
  init?(_ value: Double) {
    guard value.isFinite else { return nil }
    isNegative = value < 0
    digits = []
    exponent = 0
    var pointSeen = false
    let parts = abs(value).description.split(separator: "e")
    for character in parts[0].utf8 {
      if character == UInt8(ascii: ".") {
        pointSeen = true
      } else if digits.isEmpty && character == UInt8(ascii: "0") {
        if pointSeen { exponent -= 1 }
      } else {
        digits.append(character - UInt8(ascii: "0"))
        if !pointSeen { exponent += 1 }
      }
    }
    if parts.count == 2 { exponent += Int(parts[1]) ?? 0 }
    dropTrailingZeros()
  }

  /// Position of the first digit: 0 for 1…9.99, −1 for 0.1…0.999.
  var magnitude: Int { digits.isEmpty ? 0 : exponent - 1 }

  /// Rounds half away from zero, so that `count` significant digits are left.
  func rounded(significant count: Int) -> Decimal { rounded(toDigit: count) }

  /// Rounds half away from zero at a decimal place; negative places are tens, hundreds, ….
  func rounded(places: Int) -> Decimal { rounded(toDigit: exponent + places) }

  private func rounded(toDigit count: Int) -> Decimal {
    guard count < digits.count else { return self }
    var result = self
    let roundsUp = count >= 0 && digits[count] >= 5
    result.digits = Array(digits.prefix(max(count, 0)))
    if roundsUp { result.increment(places: count) }
    result.dropTrailingZeros()
    return result
  }

  /// Adds one unit in the last of `places` digits.
  private mutating func increment(places: Int) {
    var index = places - 1
    while index >= 0 {
      if digits[index] < 9 {
        digits[index] += 1
        return
      }
      digits[index] = 0
      index -= 1
    }
    digits.insert(1, at: 0)
    exponent += 1
  }

  private mutating func dropTrailingZeros() {
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty {
      exponent = 0
      isNegative = false
    }
  }

  /// With exactly this many digits after the point.
  func text(places: Int) -> String {
    var result = isNegative ? "-" : ""
    let first = min(-1, -exponent)
    for place in first..<max(places, 0) {
      if place == 0 { result += "." }
      // The digit with weight 10^(−place − 1) has this index.
      let index = place + exponent
      result += String(digits.indices.contains(index) ? digits[index] : 0)
    }
    return result
  }
}
