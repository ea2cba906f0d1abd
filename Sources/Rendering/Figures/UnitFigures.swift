import Results

/// How a unit is written: with SI prefixes, binary ones, or none.
private enum Prefixing {
  /// Powers of 1000; `shift` is the power of ten that the unit's own prefix stands for.
  case decimal(base: String, shift: Int, prefixes: ClosedRange<Int>)
  /// Powers of 1024.
  case binary
  /// Behind a dollar's sign, before what it is for: `/month`.
  case money(suffix: String)
  /// A name of what is counted.
  case counted
  case plain

  private static let rates = [
    "B/s", "op/s", "FLOP/s", "ops/s", "items/s", "elements/s", "requests/s", "Hz", "bit/s",
  ]

  init(_ unit: Unit) {
    switch unit {
    // Below a nanosecond people say 0.3 ns, not 300 ps; above a second they count no kiloseconds.
    case .nanoseconds: self = .decimal(base: "s", shift: -9, prefixes: -3...0)
    case .bytes: self = .binary
    case .count: self = .decimal(base: "", shift: 0, prefixes: 0...4)
    case Unit(rawValue: "users"): self = .counted
    default:
      if let suffix = Figures.dollarSuffix(unit) {
        self = .money(suffix: suffix)
        return
      }
      let isRate = Self.rates.contains(unit.rawValue)
      self = isRate ? .decimal(base: unit.rawValue, shift: 0, prefixes: 0...5) : .plain
    }
  }
}

extension Figures {
  private static let decimalPrefixes = [-3: "n", -2: "µ", -1: "m", 0: ""].merging(
    [1: "k", 2: "M", 3: "G", 4: "T", 5: "P"], uniquingKeysWith: { $1 })
  private static let binaryPrefixes = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]

  /// A value with its unit and prefix: `1.26 ns`, `34.1 GB/s`, `512 KiB`, `1.23 M`, `4.0 %`,
  /// `$105/month`.
  public static func quantity(_ value: Double, unit: Unit, digits: Int = 3) -> String {
    if unit == .nanoseconds, let long = hours(seconds: value / 1e9, digits: digits) { return long }
    switch Prefixing(unit) {
    case .decimal(let base, let shift, let prefixes):
      return decimal(
        value, base: base, shift: shift, prefixes: prefixes, digits: digits,
        isExact: unit == .count)
    case .binary: return binary(value, digits: digits)
    case .money(let suffix): return dollars(value, per: suffix)
    case .counted: return counted(value, unit.rawValue, digits: digits)
    case .plain: return number(value, digits: digits) + (unit == .count ? "" : " \(unit.rawValue)")
    }
  }

  /// A quantity with its spread: `1.26 ns ±0.4 %`. Where that is more than half of it, the ends
  /// say more: `206 µs (193 µs–3.90 ms)`.
  public static func quantity(_ interval: Interval, unit: Unit) -> String {
    let estimate = quantity(interval.estimate, unit: unit)
    guard interval.estimate != 0, share(interval) > 0.5 else {
      return "\(estimate) \(spread(interval))"
    }
    let ends = [interval.low, interval.high].map { quantity($0, unit: unit) }
    return "\(estimate) (\(ends[0])–\(ends[1]))"
  }

  /// A tick of an axis: the shortest text for a round value: `10 ns`, `0.5 µs`, `64 KiB`, `$10/h`.
  static func tick(_ value: Double, unit: Unit) -> String {
    if let suffix = dollarSuffix(unit) { return "$\(grouped(short(value)))\(suffix)" }
    // Round in seconds, so that it stays in them.
    if unit == .nanoseconds, abs(value) >= 1e13 { return "\(grouped(short(value / 1e9))) s" }
    return trimmed(quantity(value, unit: unit, digits: 3))
  }

  /// Nil below 10,000 s, which people still read as seconds: `6.00 h`, `20.6 days`.
  private static func hours(seconds: Double, digits: Int) -> String? {
    guard seconds.isFinite, abs(seconds) >= 10_000 else { return nil }
    let hours = seconds / 3_600
    return abs(hours) < 48
      ? number(hours, digits: digits) + " h" : number(hours / 24, digits: digits) + " days"
  }

  private static func decimal(
    _ value: Double, base: String, shift: Int, prefixes: ClosedRange<Int>, digits: Int,
    isExact: Bool
  ) -> String {
    guard var rounded = Decimal(value)?.rounded(significant: digits) else { return none }
    if rounded.digits.isEmpty { return base.isEmpty ? "0" : "0 " + prefixed(base, shift: shift) }
    // A time that no clock can tell from none, of a formula.
    if base == "s", rounded.magnitude < -3 { return "< 0.001 ns" }
    // Small counts are exact: 1024 stays 1024.
    if isExact, abs(value) < 10_000, value == value.rounded() { return short(value, digits: 5) }
    let power = rounded.magnitude + shift
    let group = power >= 0 ? power / 3 : -((2 - power) / 3)
    let prefix = min(max(group, prefixes.lowerBound), prefixes.upperBound)
    rounded.exponent += shift - 3 * prefix
    let text = rounded.text(places: max(0, digits - 1 - rounded.magnitude))
    let unit = (decimalPrefixes[prefix] ?? "") + base
    return unit.isEmpty ? text : text + " " + unit
  }

  private static func prefixed(_ base: String, shift: Int) -> String {
    (decimalPrefixes[shift / 3] ?? "") + base
  }

  private static func binary(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return none }
    var scaled = value
    for (step, unit) in binaryPrefixes.enumerated() {
      let isWhole = scaled == scaled.rounded()
      let size = abs(scaled)
      // Four digits below 1024, so that 1000 KiB does not lose its last one.
      let count = size >= 1000 ? max(4, digits) : digits
      let text = isWhole && size < 1024 ? short(scaled, digits: 4) : number(scaled, digits: count)
      let fits = size < 1023.5 || step == binaryPrefixes.count - 1
      if fits { return text + " " + unit }
      scaled /= 1024
    }
    return none
  }

  /// Drops the zeros after the point that say nothing on an axis.
  private static func trimmed(_ text: String) -> String {
    let parts = text.split(separator: " ", maxSplits: 1)
    var figure = String(parts[0])
    if figure.contains(".") {
      while figure.hasSuffix("0") { figure.removeLast() }
      if figure.hasSuffix(".") { figure.removeLast() }
    }
    return parts.count == 2 ? figure + " " + parts[1] : figure
  }
}
