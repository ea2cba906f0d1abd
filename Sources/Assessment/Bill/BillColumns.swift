/// Which column of a bill has what. FOCUS's own names first, then those of AWS's older report (Cost
/// and Usage Report), in its file's and in Athena's spelling.
///
/// Source: FinOps Open Cost and Usage Specification 1.0 to 1.2; AWS, Cost and Usage Reports user guide,
/// data dictionary; for amortised costs AWS Well-Architected Labs, CUR Query Library.
struct BillColumns {
  /// What is needed of a line.
  enum Role: CaseIterable {
    case cost, billed, service, category, resource, meter, type, charge, pricing, status, tags, unit
    case quantity, start, end, currency, period, commitment

    /// Names without punctuation, in small letters; the first that a bill has is used.
    var names: [String] {
      switch self {
      case .cost: ["effectivecost", "billedcost", "lineitemunblendedcost"]
      case .billed: ["billedcost", "effectivecost", "lineitemunblendedcost"]
      case .service: ["servicename", "lineitemproductcode", "productproductname"]
      case .category: ["servicecategory"]
      case .resource: ["resourceid", "lineitemresourceid", "resourcename"]
      case .meter:
        ["chargedescription", "lineitemlineitemdescription", "skumeter", "lineitemusagetype"]
      case .type: ["xinstancetype", "productinstancetype", "resourcetype"]
      case .charge: ["chargecategory", "lineitemlineitemtype"]
      case .pricing: ["pricingcategory", "pricingterm"]
      case .status: ["commitmentdiscountstatus"]
      case .tags: ["tags", "resourcetagsuserenv", "resourcetagsuserenvironment", "resourcetags"]
      case .unit: ["consumedunit", "pricingunit"]
      case .quantity:
        ["consumedquantity", "lineitemusageamount", "pricingquantity", "usagequantity"]
      case .start: ["chargeperiodstart", "lineitemusagestartdate"]
      case .end: ["chargeperiodend", "lineitemusageenddate"]
      case .currency: ["billingcurrency", "lineitemcurrencycode"]
      case .period: ["billingperiodstart", "billbillingperiodstartdate"]
      case .commitment:
        ["commitmentdiscountid", "reservationreservationarn", "savingsplansavingsplanarn"]
      }
    }
  }

  private let places: [Role: Int]
  /// By plain name.
  private let columns: [String: Int]
  let isFOCUS: Bool
  /// Whether costs are those of what was used, and not of what was invoiced.
  let isEffective: Bool
  let count: Int

  /// - Throws: `AssessmentError` where the first line has no columns of a bill.
  init(_ header: [String], in path: String) throws {
    let plain = header.map { Self.plain($0) }
    var places: [Role: Int] = [:]
    for role in Role.allCases {
      places[role] = role.names.lazy.compactMap { plain.firstIndex(of: $0) }.first
    }
    count = header.count
    isFOCUS = plain.contains("billedcost") || plain.contains("effectivecost")
    isEffective = plain.contains("effectivecost")
    columns = Dictionary(
      plain.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    self.places = places
    guard places[.cost] != nil, places[.service] != nil else {
      throw AssessmentError.damaged(
        path, line: 1,
        reason: "no bill: there is no column for cost (BilledCost, EffectiveCost, "
          + "lineItem/UnblendedCost) or for the service (ServiceName, lineItem/ProductCode)")
    }
  }

  private static func plain(_ name: String) -> String {
    String(name.lowercased().filter { $0.isLetter || $0.isNumber })
  }

  func field(_ role: Role, _ fields: [String]) -> String {
    guard let place = places[role], place < fields.count, fields[place] != "NULL",
      fields[place] != "null"
    else { return "" }
    return fields[place]
  }

  /// What a line of the older report costs with fees spread over the hours that they pay for, where
  /// that differs from its own cost: the covered hours have their share, and the fees what nobody
  /// used.
  /// - Parameter number: of a field that is not empty.
  func amortised(
    _ fields: [String], charge: String, _ number: (String) throws -> Double
  ) rethrows -> Double? {
    func sum(_ names: String...) throws -> Double? {
      let known = names.compactMap { columns[$0] }.map { fields[$0] }.filter { !$0.isEmpty }
      return known.isEmpty ? nil : try known.map(number).reduce(0, +)
    }
    switch charge {
    case "DiscountedUsage": return try sum("reservationeffectivecost")
    case "SavingsPlanCoveredUsage": return try sum("savingsplansavingsplaneffectivecost")
    case "RIFee":
      return try sum(
        "reservationunusedamortizedupfrontfeeforbillingperiod", "reservationunusedrecurringfee")
    case "SavingsPlanRecurringFee":
      guard let all = try sum("savingsplantotalcommitmenttodate"),
        let used = try sum("savingsplanusedcommitment")
      else { return nil }
      return all - used
    case "SavingsPlanUpfrontFee": return 0
    // Of a reservation that was paid in advance.
    case "Fee": return field(.commitment, fields).isEmpty ? nil : 0
    default: return nil
    }
  }
}
