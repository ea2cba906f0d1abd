import Results

/// A file of prices: its rows, and what is missing or odd in it.
public struct PriceFile: Sendable, Equatable {
  /// Rows that can be used.
  public var prices: [Price] = []
  /// One line each, in the order of the file.
  public var faults: [Fault] = []

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

  /// Reads the text of a file in UTF-8; each record stands on one line.
  /// - Parameter name: of the file, for the prices' places.
  public static func read(_ text: [UInt8], named name: String) -> PriceFile {
    var file = PriceFile()
    var columns: [String]?
    var seen: [String: Int] = [:]
    for (index, bytes) in text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    {
      guard let fields = CSV.records(Array(bytes)).first else { continue }
      let line = index + 1
      guard let known = columns else {
        columns = fields
        for column in needed where !fields.contains(column) {
          file.faults.append(Fault(line: line, text: "no column \(column)"))
        }
        continue
      }
      var row = PriceRow(fields: fields, columns: known, line: line)
      let price = row.price(in: name)
      if let price {
        let key = "\(price.provider), \(price.region), \(price.name)"
        if let first = seen[key] {
          row.faults.append(
            Fault(line: line, text: "\(price.name) stands on line \(first) already"))
        } else {
          seen[key] = line
          if row.faults.isEmpty { file.prices.append(price) }
        }
      }
      file.faults += row.faults
    }
    if columns == nil { file.faults.append(Fault(line: 1, text: "the file is empty")) }
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

  private mutating func report(_ text: String) {
    faults.append(PriceFile.Fault(line: line, text: text))
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
    guard let value = Double(text), value.isFinite else {
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
