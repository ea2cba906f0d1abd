import Results

/// A file of prices: its rows, and what is wrong or odd in it.
public struct PriceFile: Sendable, Equatable {
  /// Rows that can be used.
  public var prices: [Price] = []
  /// What keeps the file from being used: one line each, in the order of the file.
  public var faults: [Fault] = []
  /// What a person may have meant otherwise, but can be used: one line each.
  public var oddities: [Fault] = []

  /// What is wrong with a line.
  public struct Fault: Sendable, Equatable, CustomStringConvertible {
    /// Of the file, counted from 1.
    public var line: Int
    /// In a few words.
    public var text: String

    /// `line 12: no source`
    public var description: String { "line \(line): \(text)" }
  }

  /// Columns that every file has.
  static let needed = [
    "x_Name", "ProviderName", "RegionId", "ChargeDescription", "PricingUnit", "ListUnitPrice",
    "BillingCurrency", "x_Source", "x_Date",
  ]
  /// What a price can be for.
  static let units = [
    "Hours", "GB", "GB-Months", "GB-Hours", "GB-Seconds", "Requests", "TB", "Months",
  ]

  /// Reads the text of a file in UTF-8, with or without a byte order mark; each record stands on
  /// one line. A first line that lacks columns is the only fault then: no other line can be read.
  /// - Parameters:
  ///   - name: of the file, for the prices' places.
  ///   - known: prices whose units the file must have, and which it can replace.
  ///   - today: as `2026-08-21`; a later date is odd.
  public static func read(
    _ text: [UInt8], named name: String, known: PriceList = PriceList(), today: String = "9999"
  ) -> PriceFile {
    var file = PriceFile()
    let text = text.starts(with: [0xEF, 0xBB, 0xBF]) ? text.dropFirst(3) : text[...]
    let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    let records = lines.compactMap { index, bytes in
      CSV.records(Array(bytes)).first.map { (line: index + 1, fields: $0) }
    }
    guard let head = records.first else {
      file.faults = [Fault(line: 1, text: "the file is empty")]
      return file
    }
    let absent = needed.filter { !head.fields.contains($0) }
    guard absent.isEmpty else {
      let columns = absent.count == 1 ? "column" : "columns"
      let text = "the first line has no \(columns) \(absent.joined(separator: ", "))"
      file.faults = [Fault(line: head.line, text: text)]
      return file
    }
    if records.count == 1 {
      file.faults = [Fault(line: head.line, text: "no price follows the first line")]
    }
    var seen: [String: Int] = [:]
    for (line, fields) in records.dropFirst() {
      var row = PriceRow(fields: fields, columns: head.fields, line: line)
      if let price = row.price(in: name) {
        let key = "\(price.provider), \(price.region), \(price.name)"
        if let first = seen[key] {
          row.report("\(price.name) stands on line \(first) already")
        } else {
          seen[key] = line
          file.oddities += row.compare(price, with: known, today: today)
          if row.faults.isEmpty { file.prices.append(price) }
        }
      }
      file.faults += row.faults
    }
    return file
  }
}

/// A record on its way to a price.
private struct PriceRow {
  let fields: [String]
  let columns: [String]
  let line: Int
  var faults: [PriceFile.Fault] = []

  init(fields: [String], columns: [String], line: Int) {
    self.fields = fields
    self.columns = columns
    self.line = line
  }

  private func field(_ column: String) -> String {
    guard let index = columns.firstIndex(of: column), index < fields.count else { return "" }
    return fields[index]
  }

  mutating func report(_ text: String) {
    faults.append(PriceFile.Fault(line: line, text: text))
  }

  /// Another unit than that of the known price is a fault, since no experiment could use it.
  /// - Returns: what is odd.
  mutating func compare(
    _ price: Price, with known: PriceList, today: String
  ) -> [PriceFile.Fault] {
    var odd: [String] = []
    let date = field("x_Date")
    if date > today { odd.append("x_Date \(date) is in the future") }
    if let usual = known.price(price.name, of: price.provider) {
      let factor = max(price.dollars / usual.dollars, usual.dollars / price.dollars)
      if price.unit != usual.unit {
        report("\(price.name) is in \(price.unit); perflab's own is in \(usual.unit)")
      } else if factor > 10 {
        odd.append("\(price.name) is more than 10 times perflab's own, or less than a tenth of it")
      }
      if price.region != usual.region {
        odd.append("\(price.name) is of \(price.region); perflab's own is of \(usual.region)")
      }
    } else if !known.prices.isEmpty {
      odd.append("\(price.name) of \(price.provider) replaces no price of perflab's lists")
    }
    return odd.map { PriceFile.Fault(line: line, text: $0) }
  }

  /// Nil where there is no price at all; with faults where there is one that can't be used.
  mutating func price(in file: String) -> Price? {
    if fields.count != columns.count {
      report("\(fields.count) fields; the first line has \(columns.count)")
      return nil
    }
    for column in PriceFile.needed where columns.contains(column) && field(column).isEmpty {
      report(column == "x_Source" ? "no source" : "\(column) is empty")
    }
    let currency = field("BillingCurrency")
    if !currency.isEmpty, currency != "USD" {
      report("BillingCurrency \(currency): only USD can be compared")
    }
    if !field("x_Date").isEmpty, !Self.isDate(field("x_Date")) {
      report("x_Date \(field("x_Date")) is no date; write 2026-08-21")
    }
    let unit = unit()
    let value = number("ListUnitPrice", isNeeded: true)
    guard let unit, let value else { return nil }
    let low = number("x_Low") ?? value
    let high = number("x_High") ?? value
    if low > value || high < value {
      report("the price \(field("ListUnitPrice")) is not between x_Low and x_High")
    }
    return Price(
      name: field("x_Name"), provider: field("ProviderName"), region: field("RegionId"),
      title: field("ChargeDescription"), unit: unit.name, dollars: value / unit.count,
      low: low / unit.count, high: high / unit.count, minimumDays: number("x_MinimumDays") ?? 0,
      minimumBytes: number("x_MinimumBytes") ?? 0,
      source: "\(field("x_Source")), \(field("x_Date"))", place: "\(file):\(line)")
  }

  /// `1000 Requests`: a count, and what is counted.
  private mutating func unit() -> (count: Double, name: String)? {
    let text = field("PricingUnit")
    if text.isEmpty { return nil }
    let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
    let (count, name) = parts.count == 2 ? (Double(parts[0]), parts[1]) : (1, text)
    guard let count, count > 0, PriceFile.units.contains(name) else {
      report(
        "PricingUnit \(text) is unknown; write \(PriceFile.units.joined(separator: ", ")), "
          + "perhaps after a count")
      return nil
    }
    return (count, name)
  }

  private mutating func number(_ column: String, isNeeded: Bool = false) -> Double? {
    let text = field(column)
    if text.isEmpty { return nil }
    // Swift would read a hexadecimal number as well.
    guard !text.contains(where: { "xX".contains($0) }), let value = Double(text), value.isFinite
    else {
      report("\(column) \(text) is no number")
      return nil
    }
    if value < 0 || (value == 0 && isNeeded) {
      report("\(column) \(text) is not above 0")
      return nil
    }
    return value
  }

  private static func isDate(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, zip(parts, [4, 2, 2]).allSatisfy({ $0.count == $1 }),
      parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }),
      let month = Int(parts[1]), let day = Int(parts[2])
    else { return false }
    return (1...12).contains(month) && (1...31).contains(day)
  }
}
