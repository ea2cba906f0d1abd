import Platform
import Results

extension Bill {
  private struct Key: Hashable {
    var service, category, resource, meter, type, tags, unit: String
    var payment: BillItem.Payment
  }

  /// Reads a bill of any length.
  /// - Throws: `AssessmentError`.
  public init(path: String) throws {
    var reader = Reader(path)
    do {
      _ = try FileLines.head(path)
      try FileLines.each(path) { line in
        try reader.take(line)
        return true
      }
    } catch let error as SystemError {
      throw AssessmentError.unreadable(path, reason: error.reason)
    }
    self = try reader.finish()
  }

  private struct Reader {
    let path: String
    var columns: BillColumns?
    var sums: [Key: (cost: Double, billed: Double, quantity: Double)] = [:]
    var pending: [UInt8] = []
    var isQuoted = false
    var line = 0
    var records = 0
    var days: (first: Int, last: Int)?
    var periods: [String: Double] = [:]
    var currencies: Set<String> = []
    /// Costs of commitments that were counted with their purchase and with their use.
    var twice = 0.0

    init(_ path: String) { self.path = path }

    mutating func take(_ bytes: UnsafeRawBufferPointer) throws {
      line += 1
      if !pending.isEmpty { pending.append(10) }
      pending.append(contentsOf: bytes)
      for byte in bytes where byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      guard !isQuoted else {
        guard pending.count < 16 << 20 else {
          throw AssessmentError.damaged(path, line: line, reason: "a quotation mark is not closed")
        }
        return
      }
      defer { pending.removeAll(keepingCapacity: true) }
      guard let fields = CSV.records(pending).first else { return }
      guard let columns else {
        if fields.count == 1, fields[0].contains(where: { ";\t|".contains($0) }) {
          throw AssessmentError.damaged(
            path, line: line,
            reason: "fields are separated by semicolons, tabs or bars; export it with commas")
        }
        columns = try BillColumns(fields, in: path)
        return
      }
      try add(fields, columns)
    }

    private func number(_ text: String, _ name: String) throws -> Double {
      if text.isEmpty { return 0 }
      guard let value = Double(text), abs(value) <= 1e15 else {
        throw AssessmentError.damaged(
          path, line: line,
          reason: "\(name) '\(text)' is no number; numbers need a decimal point and no separators")
      }
      return value
    }

    private mutating func add(_ fields: [String], _ columns: BillColumns) throws {
      guard fields.count == columns.count else {
        throw AssessmentError.damaged(
          path, line: line, reason: "\(fields.count) fields; the first line has \(columns.count)")
      }
      func field(_ role: BillColumns.Role) -> String { columns.field(role, fields) }
      let charge = field(.charge)
      var cost = try number(field(.cost), "cost")
      let amortised = try columns.amortised(fields, charge: charge) {
        try number($0, "cost")
      }
      if let amortised {
        cost = amortised
      } else if charge == "Purchase", columns.isEffective, !field(.commitment).isEmpty {
        // The hours that it covers have it. Some exports count it here as well.
        twice += cost
        cost = 0
      }
      // These only take back what the plan's own lines charge.
      if charge == "SavingsPlanNegation" { return }
      records += 1
      // What is left of a fee is what nobody used.
      let isRest = amortised != nil && (charge == "RIFee" || charge == "SavingsPlanRecurringFee")
      let payment = Self.payment(
        charge, field(.pricing), isRest ? "Unused" : field(.status))
      let key = Key(
        service: field(.service), category: Self.category(field(.category), field(.service)),
        resource: field(.resource), meter: field(.meter), type: field(.type), tags: field(.tags),
        unit: field(.unit), payment: payment)
      sums[key, default: (0, 0, 0)].cost += cost
      sums[key]!.billed += try number(field(.billed), "cost")
      sums[key]!.quantity += try number(field(.quantity), "quantity")
      if !field(.period).isEmpty {
        periods[String(field(.period).prefix(10)), default: 0] += abs(cost)
      }
      if !field(.currency).isEmpty { currencies.insert(field(.currency)) }
      for text in [field(.start), field(.end)] {
        guard let day = CalendarDay.number(text) else { continue }
        days = (min(days?.first ?? day, day), max(days?.last ?? day, day))
      }
    }

    private static func payment(
      _ charge: String, _ pricing: String, _ status: String
    ) -> BillItem.Payment {
      if status == "Unused" { return .unusedCommitment }
      switch charge {
      case "Tax", "Credit", "Adjustment", "Refund", "Fee", "RIFee", "SavingsPlanUpfrontFee",
        "SavingsPlanRecurringFee", "Purchase":
        return .other
      case "DiscountedUsage", "SavingsPlanCoveredUsage": return .committed
      default: break
      }
      // Some exports call what a commitment covers Standard.
      if status == "Used" { return .committed }
      switch pricing {
      case "Committed", "Commitment-Based", "Reserved": return .committed
      case "Dynamic", "Spot": return .spot
      default: return .onDemand
      }
    }

    private static func category(_ category: String, _ service: String) -> String {
      if !category.isEmpty { return category }
      switch service {
      case "AmazonEC2", "AWSLambda", "AmazonECS", "AmazonEKS": return "Compute"
      case "AmazonS3", "AmazonEFS", "AmazonGlacier": return "Storage"
      case "AmazonRDS", "AmazonDynamoDB", "AmazonElastiCache": return "Databases"
      case "AmazonVPC", "AmazonCloudFront", "AWSDataTransfer", "AWSELB": return "Networking"
      case "AmazonCloudWatch": return "Management and Governance"
      default: return "Other"
      }
    }

    func finish() throws -> Bill {
      if isQuoted {
        throw AssessmentError.damaged(path, line: line, reason: "is cut off inside a quoted field")
      }
      guard let columns else { throw AssessmentError.empty(path) }
      guard records > 0 else {
        throw AssessmentError.damaged(
          path, line: line, reason: "has columns, and no line of a bill")
      }
      guard currencies.count <= 1 else {
        throw AssessmentError.refused(
          "\(path) has several currencies (\(currencies.sorted().joined(separator: ", "))); "
            + "split it, or convert it to one")
      }
      let (effective, billed) = sums.values.reduce((0, 0)) { ($0.0 + $1.cost, $0.1 + $1.billed) }
      // What somebody else pays is still used.
      let isBilled = abs(effective) < 0.01 * abs(billed)
      var notes: [String] = []
      if isBilled {
        notes.append("effective costs are nearly all zero; the billed costs are used")
      }
      let items = sums.map { key, sum in
        BillItem(
          service: key.service, category: key.category, resource: key.resource, meter: key.meter,
          type: key.type, payment: key.payment, tags: key.tags, unit: key.unit,
          cost: isBilled ? sum.billed : sum.cost,
          quantity: sum.quantity)
      }
      if twice > 0 {
        notes.append(
          "\(Text.dollars(twice)) of bought commitments are left out: the hours that they cover have "
            + "these costs")
      }
      if let currency = currencies.first, currency != "USD" {
        notes.append("the bill is in \(currency); prices that it is compared with are in dollars")
      }
      let all = isBilled ? billed : effective
      guard all > 0 else {
        throw AssessmentError.refused(
          "\(path): all costs together are \(Text.dollars(all)), credits included; "
            + "there is nothing to save")
      }
      if let days, days.last - days.first < 27 {
        notes.append(
          "the charges are of \(Text.counted(Double(days.last - days.first), "day")) and are taken as "
            + "a month's; a bill of a whole month says more")
      }
      let span = days.map { Double($0.last - $0.first) / 30.44 }
      // A correction of another month is no month.
      let most = periods.values.max() ?? 0
      let whole = periods.values.count { $0 >= 0.05 * most }
      let months = whole > 0 ? Double(whole) : max(1, (span ?? 1).rounded())
      return Bill(
        items, months: months, format: columns.isFOCUS ? "FOCUS" : "AWS Cost and Usage Report",
        lines: records, notes: notes)
    }
  }
}

/// Days since 1970.
enum CalendarDay {
  /// Of `2026-10-01…`; nil where there is none.
  ///
  /// Source: Hinnant, *chrono-Compatible Low-Level Date Algorithms*, 2013.
  static func number(_ text: String) -> Int? {
    let parts = text.prefix(10).split(separator: "-").map { Int($0) }
    guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2],
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
