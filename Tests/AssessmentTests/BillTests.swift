import Testing

@testable import Assessment

@Suite struct BillTests {
  private func plan(_ generated: GeneratedBill) throws -> SavingsPlan {
    let bill = try Bill(path: try Fixture.file(generated.focus))
    let use = try Utilisation(Array(generated.utilisation.utf8), named: "use")
    return SavingsPlan(bill, use, target: 0.3)
  }

  /// All planted waste above 1% of the bill is found, nothing sound is cut, and the target is reached.
  @Test(arguments: [1, 2, 3, 17, 99] as [UInt64])
  func plantedWasteIsFoundAndNothingElse(seed: UInt64) throws {
    let generated = GeneratedBill(seed: seed)
    let plan = try plan(generated)
    #expect(abs(plan.bill.monthly - 50_000) < 1)
    #expect(plan.bill.months == 1 && plan.bill.format == "FOCUS")
    for waste in generated.waste where waste.cost >= 500 {
      let measure = try #require(plan.measures.first { $0.kind == waste.kind }, "\(waste.kind)")
      let missing = Set(waste.resources).subtracting(measure.resources)
      #expect(missing.isEmpty, "\(waste.kind) leaves out \(missing)")
    }
    let cut = Set(plan.measures.flatMap(\.resources))
    #expect(cut.isDisjoint(with: generated.sound))
    #expect(plan.savedShare.upperBound >= 0.3)
    #expect(plan.saving.lowerBound > 0 && plan.saving.lowerBound < plan.saving.upperBound)
    // A commitment to what is removed is wasted.
    #expect(plan.measures.map(\.kind.phase) == plan.measures.map(\.kind.phase).sorted())
  }

  @Test func eachSeedHasItsOwnAmounts() {
    let costs = (1...20).map { seed in
      GeneratedBill(seed: UInt64(seed)).waste.first { $0.kind == .storageClass }!.cost
    }
    #expect(costs.max()! > 1.3 * costs.min()!)
  }

  @Test func withoutUtilisationNothingIsAssumed() throws {
    let generated = GeneratedBill(seed: 1)
    let bill = try Bill(path: try Fixture.file(generated.focus))
    let plan = SavingsPlan(bill, Utilisation(), target: 0.3)
    for kind in [Measure.Kind.rightSize, .storageClass, .removeOld, .logs] {
      #expect(!plan.measures.contains { $0.kind == kind })
    }
    #expect(!plan.questions.isEmpty)
  }

  /// The FinOps Foundation's sample.
  @Test func publicRowsAreRead() throws {
    let bill = try Bill(path: Fixture.path("focus-1.0-sample.csv"))
    #expect(bill.lines == 20 && bill.format == "FOCUS" && bill.months == 1)
    #expect(SavingsPage(SavingsPlan(bill, Utilisation(), target: 0.3)).text.hasPrefix("# Savings"))
  }

  @Test func theOlderReportIsRead() throws {
    let text =
      "lineItem/UnblendedCost,lineItem/ProductCode,lineItem/UsageType,lineItem/LineItemType,"
      + "lineItem/ResourceId,lineItem/UsageAmount,pricing/unit,lineItem/UsageStartDate,"
      + "reservation/EffectiveCost\n"
      + "10,AmazonEC2,BoxUsage:m5.xlarge,Usage,i-1,50,Hrs,2026-10-01T00:00:00Z,\n"
      + "0,AmazonEC2,BoxUsage:m5.xlarge,DiscountedUsage,i-2,50,Hrs,2026-10-02T00:00:00Z,6\n"
      + "-3,AmazonEC2,,Credit,,0,,2026-10-02T00:00:00Z,\n"
    let end = text.firstIndex(of: "\n")!
    let athena =
      "line_item_unblended_cost,line_item_product_code,line_item_usage_type,"
      + "line_item_line_item_type,line_item_resource_id,line_item_usage_amount,pricing_unit,"
      + "line_item_usage_start_date,reservation_effective_cost" + text[end...]
    for header in [text, athena] {
      let bill = try Bill(path: try Fixture.file(header))
      #expect(bill.format == "AWS Cost and Usage Report" && bill.monthly == 13)
      #expect(bill.items.map(\.payment) == [.onDemand, .committed, .other])
      #expect(bill.items[0].category == "Compute")
    }
  }

  private func bill(_ text: String) throws -> Bill { try Bill(path: try Fixture.file(text)) }

  private static let columns =
    "BilledCost,EffectiveCost,ServiceName,ServiceCategory,ChargeCategory,ChargeDescription,"
    + "ResourceId,ConsumedQuantity,ConsumedUnit,PricingCategory,CommitmentDiscountId,"
    + "CommitmentDiscountStatus,BillingPeriodStart\n"

  /// What others have reported of bills. What was spent, what can be saved, and nothing twice.
  ///
  /// Source: FinOps-Open-Cost-and-Usage-Spec/FOCUS_Spec issues 542, 636, 810, 942, 971 and 974;
  /// microsoft/finops-toolkit issues 836 and 1092.
  @Test func rowsThatOthersHaveReported() throws {
    let october = "2026-10-01T00:00:00Z"
    func row(_ fields: String) -> String { "\(fields),\(october)\n" }
    // A refund is a negative row of the usage's own category.
    let refunded = try bill(
      Self.columns + row("100,100,Compute,Compute,Usage,hours,i-1,700,Hours,Standard,,")
        + row("-30,-30,Compute,Compute,Usage,hours,i-1,,,Standard,,"))
    #expect(refunded.monthly == 70)
    // A commitment that is bought and used: its cost lies in the hours, also where the purchase has
    // an effective cost of its own.
    for purchase in ["100,0", "100,100"] {
      let committed = try bill(
        Self.columns + row("\(purchase),Compute,Compute,Purchase,plan,,,,Standard,sp-1,")
          + row("0,60,Compute,Compute,Usage,hours,i-1,700,Hours,Standard,sp-1,Used")
          + row("0,40,Compute,Compute,Usage,hours,,300,Hours,Committed,sp-1,Unused"))
      #expect(committed.monthly == 100)
      #expect(committed.notes.count == (purchase == "100,0" ? 0 : 1))
      let hours = try #require(committed.items.first { $0.resource == "i-1" })
      #expect(hours.payment == .committed)
      let plan = SavingsPlan(committed, Utilisation(), target: 0.3)
      #expect(plan.measures.map(\.kind) == [.unusedCommitment])
      #expect(plan.measures[0].cost == 40)
    }
    // A correction of an earlier month, without a quantity, is no month of its own.
    let corrected = try bill(
      Self.columns + row("1000,1000,Compute,Compute,Usage,hours,i-1,700,Hours,Standard,,")
        + "-8,-8,Compute,Compute,Credit,correction,,,,,,,2026-09-01T00:00:00Z\n")
    #expect(corrected.months == 1 && corrected.monthly == 992)
  }

  /// Fees are spread over the hours that they pay for; what nobody used of them is waste.
  @Test func feesOfTheOlderReport() throws {
    let report = try bill(
      "lineItem/UnblendedCost,lineItem/ProductCode,lineItem/UsageType,lineItem/LineItemType,"
        + "lineItem/ResourceId,reservation/EffectiveCost,reservation/ReservationARN,"
        + "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod,reservation/UnusedRecurringFee,"
        + "savingsPlan/SavingsPlanEffectiveCost,savingsPlan/TotalCommitmentToDate,"
        + "savingsPlan/UsedCommitment\n"
        + "90,AmazonEC2,BoxUsage,RIFee,,,ri-1,4,11,,,\n"
        + "0,AmazonEC2,BoxUsage,DiscountedUsage,i-1,75,ri-1,,,,,\n"
        + "500,AmazonEC2,upfront,Fee,,,ri-1,,,,,\n"
        + "50,AmazonEC2,plan,SavingsPlanRecurringFee,,,,,,,50,42\n"
        + "60,AmazonEC2,BoxUsage,SavingsPlanCoveredUsage,i-2,,,,,42,,\n"
        + "-60,AmazonEC2,BoxUsage,SavingsPlanNegation,,,,,,,,\n")
    // 90 of the reservation and 50 of the plan: used 75 and 42, unused 15 and 8.
    #expect(report.monthly == 140)
    let unused = report.items.filter { $0.payment == .unusedCommitment }.map(\.cost)
    #expect(unused == [15, 8])
  }

  /// Halved machines keep the service level at one load; at another one some must stay.
  @Test func theServiceLevelIsKept() throws {
    let machines = (1...4).map { "i-\($0)" }
    let text =
      "BilledCost,ServiceName,ServiceCategory,ResourceId,ConsumedQuantity,ConsumedUnit\n"
      + machines.map { "280,Compute,Compute,\($0),730,Hours\n" }.joined()
    let use = "ResourceId,cpu_p99,memory_p99\n" + machines.map { "\($0),0.3,0.3\n" }.joined()
    let system = try GrowingSystem(
      """
      name: Shop
      requests_per_user: 0.02
      growth: 8%
      p99_ms: 60
      tiers:
        - name: web
          demand_ms: 4
          demand_interval_ms: [4, 4]
          servers: 8
          replicas: 4
          resources: [i-1, i-2, i-3, i-4]
          price: 0.384
      """, in: "system")
    func plan(_ users: Double) throws -> SavingsPlan {
      try SavingsPlan(
        try bill(text), try Utilisation(Array(use.utf8), named: "use"), target: 0.3,
        serving: users, by: system)
    }
    // 32 places of 4 ms: 8,000 requests per second. At 2,400 half of them are enough.
    let quiet = try plan(120_000)
    #expect(quiet.service?.kept == [])
    #expect(quiet.measures.first { $0.kind == .rightSize }?.resources.sorted() == machines)
    // At 6,000 they are not.
    let busy = try plan(300_000)
    let check = try #require(busy.service)
    #expect(!check.kept.isEmpty && check.p99.after <= 0.06)
    let halved = busy.measures.first { $0.kind == .rightSize }?.resources ?? []
    #expect(Set(halved).isDisjoint(with: check.kept))
    #expect(halved.count + check.kept.count == 4)
    #expect(SavingsPage(busy).text.contains("## The service level"))
    // At 8,400 it is not kept even now.
    #expect(try plan(420_000).service?.kept == machines)
    #expect(throws: AssessmentError.refused("'i-4' of Shop is not in the bill")) {
      try SavingsPlan(
        try bill(text.replacing("i-4", with: "i-5")), Utilisation(), target: 0.3, serving: 100,
        by: system)
    }
  }

  /// Version 2.0 has all tags in a column.
  @Test func tagsOfTheSecondCostAndUsageReport() throws {
    let path = try Fixture.file(
      "line_item_unblended_cost,line_item_product_code,line_item_line_item_type,resource_tags\n"
        + "5,AmazonEC2,Usage,\"{\"\"user_env\"\":\"\"dev\"\"}\"\n")
    #expect(try Bill(path: path).items.map(\.tags) == [#"{"user_env":"dev"}"#])
  }
}
