/// Numbers as tools print them, with a point or a comma before the decimals.
struct NumberReader {
  private(set) var points = 0
  private(set) var commas = 0

  /// Whether one file has both: then it can't be known which of them separates thousands.
  var isMixed: Bool { points > 0 && commas > 0 }

  /// Nil for what is no number.
  mutating func number(_ text: Substring) -> Double? {
    guard let first = text.utf8.first, first < 58, first != 47 else { return nil }
    guard text.utf8.contains(UInt8(ascii: ",")) else {
      guard let value = Double(text), abs(value) <= Readings.largest else { return nil }
      if text.utf8.contains(UInt8(ascii: ".")) { points += 1 }
      return value
    }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 2, let value = Double("\(parts[0]).\(parts[1])"),
      abs(value) <= Readings.largest
    else { return nil }
    commas += 1
    return value
  }
}

extension StringProtocol {
  /// Words between white space.
  var words: [SubSequence] { split { $0 == " " || $0 == "\t" || $0 == "\r" } }
}

/// A time of the day as `12:30:05` or `12:30:05 PM`, in seconds.
struct DayTime {
  private var last = 0.0
  private var days = 0.0

  /// Seconds since the first midnight; nil where the words don't begin with a time.
  /// - Returns: also how many words it took.
  mutating func take(_ words: [Substring]) -> (seconds: Double, words: Int)? {
    guard let first = words.first else { return nil }
    let parts = first.split(separator: ":").map { Double($0) }
    guard parts.count == 3, let hour = parts[0], let minute = parts[1], let second = parts[2]
    else { return nil }
    var hours = hour
    var count = 1
    if words.count > 1, words[1] == "AM" || words[1] == "PM" {
      count = 2
      hours = hour.truncatingRemainder(dividingBy: 12) + (words[1] == "PM" ? 12 : 0)
    }
    var time = hours * 3_600 + minute * 60 + second + days * 86_400
    // Past midnight.
    if time < last - 43_200 {
      days += 1
      time += 86_400
    }
    last = time
    return (time, count)
  }
}
