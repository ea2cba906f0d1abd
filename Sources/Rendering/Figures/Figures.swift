import Results

/// Numbers as people read them. No locale: a point for decimals, a space before the unit.
public enum Figures {
  /// What stands where there is no number.
  public static let none = "–"

  /// A plain number with this many significant digits: `0.0488`, `5.40`, `1230`.
  public static func number(_ value: Double, digits: Int = 3) -> String {
    guard let decimal = Decimal(value)?.rounded(significant: digits) else { return none }
    return decimal.text(places: max(0, digits - 1 - decimal.magnitude))
  }

  /// A number with this many digits after the point: `-0.40`.
  public static func fixed(_ value: Double, places: Int) -> String {
    Decimal(value)?.rounded(places: places).text(places: places) ?? none
  }

  /// A number at its shortest, rounded to at most this many significant digits: `5`, `0.25`.
  public static func short(_ value: Double, digits: Int = 3) -> String {
    guard let decimal = Decimal(value)?.rounded(significant: digits) else { return none }
    return decimal.text(places: max(0, decimal.digits.count - decimal.exponent))
  }

  /// A factor: `5.4×`, `0.42×`, `130×`. Two significant digits below ten except around 1, where
  /// the second decimal counts.
  public static func ratio(_ value: Double) -> String {
    guard value.isFinite else { return none }
    if value > 0.9 && value < 2 { return fixed(value, places: 2) + "×" }
    return number(value, digits: value >= 100 ? 3 : 2) + "×"
  }

  /// A factor with its interval, to the digit that the interval allows: `5.4× (5.2–5.6)`. One
  /// without width, of a lone process or of counts alone, is none.
  public static func ratio(_ interval: Interval) -> String {
    // The ends of the latter differ by rounding alone.
    if interval.high <= interval.low * (1 + 1e-9) { return ratio(interval.estimate) }
    var places = places(for: interval)
    // An end that a verdict rests on does not read as 1.
    for end in [interval.low, interval.high] where abs(end - 1) >= 0.02 {
      while places < 2, fixed(end, places: places) == fixed(1, places: places) { places += 1 }
    }
    let (low, high) = (fixed(interval.low, places: places), fixed(interval.high, places: places))
    return fixed(interval.estimate, places: places) + "× (\(low)–\(high))"
  }

  /// The wider side of an interval as a share of its estimate: `±0.4 %`.
  public static func spread(_ interval: Interval) -> String {
    interval.estimate == 0 ? none : "±" + percent(share(interval))
  }

  /// The wider side of an interval as a share of its estimate; infinite for one of zero.
  static func share(_ interval: Interval) -> Double {
    let side = max(interval.high - interval.estimate, interval.estimate - interval.low)
    return abs(side / interval.estimate)
  }

  /// A share of one as percent: `0.04 %`, `0.4 %`, `12 %`, `340 %`.
  public static func percent(_ share: Double) -> String {
    guard let decimal = Decimal(share * 100) else { return none }
    let size = abs(share) * 100
    let places = size == 0 || size >= 9.95 ? 0 : size < 0.095 ? 2 : 1
    return decimal.rounded(places: places).text(places: places) + " %"
  }

  /// The same with its sign: `+12 %`, `−0.4 %`.
  public static func signedPercent(_ share: Double) -> String {
    let text = percent(abs(share))
    return (share < 0 ? "−" : "+") + text
  }

  /// How far a prediction is off, as a share of what was measured: `+12 %`, and where percents stop
  /// saying anything `66× too high`.
  public static func predictionError(_ share: Double) -> String {
    if abs(share) < 5e-5 { return "0 %" }
    return share < 9.995 ? signedPercent(share) : "\(ratio(1 + share)) too high"
  }

  /// Seconds for people: `0.8 s`, `12 s`, `3 min 20 s`, `2 h 05 min`.
  public static func duration(seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return none }
    if seconds < 9.95 { return shortFixed(seconds, places: 1) + " s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(padded(whole % 60)) s" }
    return "\(whole / 3600) h \(padded(whole / 60 % 60)) min"
  }

  private static func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

  /// Digits after the point, so that half the interval's width shows with one digit or two, and
  /// the estimate with two to four.
  static func places(for interval: Interval) -> Int {
    guard let estimate = Decimal(interval.estimate) else { return 2 }
    let least = 1 - estimate.magnitude
    let most = 3 - estimate.magnitude
    let half = (interval.high - interval.low) / 2
    guard half > 0, let width = Decimal(half)?.rounded(significant: 2) else { return max(0, least) }
    let needed = -width.magnitude
    // For a half-width that begins with a 1, one digit would be too coarse.
    let extra = width.digits.first == 1 && needed < most - 1 ? 1 : 0
    return max(0, min(max(needed + extra, least), most))
  }
}

extension Figures {
  /// At most this many digits after the point, without trailing zeros: `12`, `12.5`.
  static func shortFixed(_ value: Double, places: Int) -> String {
    guard let decimal = Decimal(value)?.rounded(places: places) else { return none }
    return decimal.text(places: max(0, decimal.digits.count - decimal.exponent))
  }
}
