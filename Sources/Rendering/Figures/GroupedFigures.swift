import Results

/// Figures as bills and plans show them: whole numbers with commas.
extension Figures {
  /// What the unit says of money: `/month` of `$/month`; nil of another unit.
  static func dollarSuffix(_ unit: Unit) -> String? {
    unit.rawValue.hasPrefix("$") ? String(unit.rawValue.dropFirst()) : nil
  }

  /// Cents below a hundred dollars, whole dollars from there on: `$1.32/month`, `$1,051/month`.
  /// Less than ten cents keeps its digits, and a price below a dollar its tenths of a cent:
  /// `$0.072/h`, `$0.171/h`.
  static func dollars(_ value: Double, per suffix: String) -> String {
    // As providers quote them.
    if suffix == "/requests" { return dollars(1e6 * value, per: "/million") }
    let size = abs(value)
    guard size.isFinite else { return none }
    let thousandths = fixed(size, places: 3)
    let hasThousandths = size < 1 && suffix != "/month" && !thousandths.hasSuffix("0")
    let text =
      size < 0.1
      ? short(size)
      : hasThousandths
        ? thousandths
        : size < 99.995 ? fixed(size, places: 2) : grouped(fixed(size, places: 0))
    return "\(value < 0 ? "-" : "")$\(text)\(suffix)"
  }

  /// Of things that are counted and have a name: `12,300 users`. Whole numbers below 10,000 are
  /// exact.
  static func counted(_ value: Double, _ name: String, digits: Int) -> String {
    guard value.isFinite else { return none }
    let isExact = abs(value) < 10_000 && value == value.rounded()
    return grouped(isExact ? short(value, digits: 5) : number(value, digits: digits)) + " \(name)"
  }

  /// With commas between thousands: `1,051.5`.
  public static func grouped(_ text: String) -> String {
    let whole = text.prefix { $0 != "." }
    let digits = whole.drop { $0 == "-" }
    var result = ""
    for (index, digit) in digits.enumerated() {
      let left = digits.count - index
      result += (index > 0 && left % 3 == 0 ? "," : "") + String(digit)
    }
    return whole.prefix { $0 == "-" } + result + text[whole.endIndex...]
  }
}
