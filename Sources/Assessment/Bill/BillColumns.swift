/// Which column of a bill has what. FOCUS's own names first, then those of AWS's older report (Cost
/// and Usage Report), in its file's and in Athena's spelling.
///
/// Source: FinOps Open Cost and Usage Specification 1.0 to 1.2; AWS, Cost and Usage Reports user guide,
/// data dictionary.
struct BillColumns {
  /// What is needed of a line.
  enum Role: CaseIterable {
    case cost, billed, service, category, resource, meter, type, charge, pricing, status, tags, unit
    case quantity, start, end, currency, period

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
      case .tags: ["tags", "resourcetagsuserenv", "resourcetagsuserenvironment"]
      case .unit: ["consumedunit", "pricingunit"]
      case .quantity:
        ["consumedquantity", "lineitemusageamount", "pricingquantity", "usagequantity"]
      case .start: ["chargeperiodstart", "lineitemusagestartdate"]
      case .end: ["chargeperiodend", "lineitemusageenddate"]
      case .currency: ["billingcurrency", "lineitemcurrencycode"]
      case .period: ["billingperiodstart", "billbillingperiodstartdate"]
      }
    }
  }

  private let places: [Role: Int]
  private let effective: [Int]
  let isFOCUS: Bool
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
    // What a reserved or planned hour costs stands elsewhere in the older report.
    effective = ["reservationeffectivecost", "savingsplansavingsplaneffectivecost"].compactMap {
      plain.firstIndex(of: $0)
    }
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

  /// The cost of what a commitment covers in the older report; nil elsewhere.
  func committedCost(_ fields: [String]) -> Double? {
    effective.lazy.compactMap { $0 < fields.count ? Double(fields[$0]) : nil }.first { $0 > 0 }
  }
}
