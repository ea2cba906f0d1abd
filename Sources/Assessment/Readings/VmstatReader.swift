/// The table of vmstat. Its first line is of the time since the boot.
///
/// Source: procps-ng 3.3 and 4.0, manual page of vmstat.
struct VmstatReader: TextReader {
  static let format = "vmstat"

  private var columns: [String] = []
  private var rows: [[String: Double]] = []
  private var numbers = NumberReader()

  static func recognises(_ head: [Substring]) -> Bool {
    head.contains { isHeader($0.words) }
  }

  private static func isHeader(_ words: [Substring]) -> Bool {
    words.drop { $0 != "r" }.starts(with: ["r", "b"]) && words.contains("si")
      && words.contains("id")
  }

  mutating func take(text: Substring, _ readings: inout Readings) throws {
    let words = text.words
    if Self.isHeader(words) {
      columns = words.drop { $0 != "r" }.map(String.init)
      // With -t a column of times follows, with the name of the time zone.
      if columns.last?.allSatisfy(\.isLowercase) == false { columns.removeLast() }
      return
    }
    // Some collectors write the time in front.
    let values = words.drop { numbers.number($0) == nil }
    guard !columns.isEmpty, values.count >= columns.count else { return }
    var row: [String: Double] = [:]
    for (column, word) in zip(columns, values) {
      guard let value = numbers.number(word) else { return }
      row[column] = value
    }
    rows.append(row)
  }

  mutating func finish(_ readings: inout Readings) throws -> Int {
    if numbers.isMixed { throw AssessmentError.mixedDecimals("") }
    let used = rows.count > 1 ? Array(rows.dropFirst()) : rows
    for (index, row) in used.enumerated() {
      let time = Double(index)
      func value(_ name: String) -> Double { row[name] ?? 0 }
      readings.add(.runnable, value("r"), at: time)
      readings.add(.cpuBusy, max(0, 100 - value("id") - value("wa")) / 100, at: time)
      readings.add(.cpuUser, (value("us") + value("gu")) / 100, at: time)
      readings.add(.cpuSystem, value("sy") / 100, at: time)
      readings.add(.cpuWait, value("wa") / 100, at: time)
      readings.add(.cpuSteal, value("st") / 100, at: time)
      // In KiB; a page has four.
      readings.add(.swapping, (value("si") + value("so")) / 4, at: time)
      readings.add(.switches, value("cs"), at: time)
    }
    return used.count
  }
}

/// The summary of `ss -s`. Source: iproute2, misc/ss.c.
struct SocketSummaryReader: TextReader {
  static let format = "ss -s"
  private var found = 0

  static func recognises(_ head: [Substring]) -> Bool {
    head.contains { $0.hasPrefix("TCP:") && $0.contains("estab") }
  }

  mutating func take(text: Substring, _ readings: inout Readings) throws {
    guard text.hasPrefix("TCP:"), text.contains("estab") else { return }
    let words = text.split { " (),\t".contains($0) }
    for (word, value) in zip(words, words.dropFirst()) {
      // Older versions write timewait 2/0: with those that are kept whole.
      guard let count = Double(value.prefix { $0.isNumber }) else { continue }
      if word == "estab" { readings.add(.established, count, at: Double(found)) }
      if word == "timewait" { readings.add(.timeWait, count, at: Double(found)) }
    }
    found += 1
  }

  mutating func finish(_ readings: inout Readings) throws -> Int { found }
}
