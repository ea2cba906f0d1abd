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
}
