import Prices
import Testing

@Suite struct PriceFileTests {
  private static let head =
    "x_Name,ProviderName,RegionId,ChargeDescription,PricingUnit,ListUnitPrice,BillingCurrency,"
    + "x_Low,x_High,x_Source,x_Date\n"

  private func read(_ rows: String) -> PriceFile {
    PriceFile.read(Array((Self.head + rows).utf8), named: "own.csv")
  }

  @Test func theEmbeddedListsHaveNoFault() {
    #expect(PriceList.embedded.prices.count > 100)
    let providers = Set(PriceList.embedded.prices.map(\.provider))
    #expect(providers == ["AWS", "Google Cloud"])
  }

  @Test func aRowBecomesAPrice() throws {
    let file = read("a.b,Own,here,a thing,1000 Requests,0.4,USD,0.3,0.5,example.com,2026-08-21\n")
    #expect(file.faults == [])
    let price = try #require(file.prices.first)
    #expect(price.unit == "Requests" && abs(price.dollars - 0.0004) < 1e-12)
    #expect(abs(price.low - 0.0003) < 1e-12 && abs(price.high - 0.0005) < 1e-12)
    #expect(price.source == "example.com, 2026-08-21" && price.place == "own.csv:2")
  }

  @Test(arguments: [
    ("a,O,r,t,Hours,1,USD,,,,2026-08-21", "line 2: no source"),
    ("a,O,r,t,Hours,-1,USD,,,s,2026-08-21", "line 2: ListUnitPrice -1 is not above 0"),
    ("a,O,r,t,Hours,0,USD,,,s,2026-08-21", "line 2: ListUnitPrice 0 is not above 0"),
    ("a,O,r,t,Hours,x,USD,,,s,2026-08-21", "line 2: ListUnitPrice x is no number"),
    ("a,O,r,t,Hours,0x10,USD,,,s,2026-08-21", "line 2: ListUnitPrice 0x10 is no number"),
    ("a,O,r,t,Hours,1,EUR,,,s,2026-08-21", "line 2: BillingCurrency EUR: only USD can be compared"),
    ("a,O,r,t,Hours,1,USD,,,s,21.8.2026", "line 2: x_Date 21.8.2026 is no date; write 2026-08-21"),
    ("a,O,r,t,Hours,1,USD,2,3,s,2026-08-21", "line 2: the price 1 is not between x_Low and x_High"),
    ("a,O,r,t,Hours,1,USD", "line 2: 7 fields; the first line has 11"),
    (",O,r,t,Hours,1,USD,,,s,2026-08-21", "line 2: x_Name is empty"),
  ])
  func aFaultNamesItsLine(row: String, fault: String) {
    let file = read(row + "\n")
    #expect(file.faults.map(\.description) == [fault])
    #expect(file.prices.isEmpty)
  }

  @Test func unknownUnitsAndDoubleRowsAreFaults() {
    let unit = read("a,O,r,t,Pounds,1,USD,,,s,2026-08-21\n")
    #expect(
      unit.faults.count == 1 && unit.faults[0].text.hasPrefix("PricingUnit Pounds is unknown"))
    let row = "a,O,r,t,Hours,1,USD,,,s,2026-08-21\n"
    let double = read(row + row)
    #expect(double.faults.map(\.description) == ["line 3: a stands on line 2 already"])
    #expect(double.prices.count == 1)
  }

  @Test func missingColumnsAndEmptyFilesAreFaults() {
    #expect(
      PriceFile.read([], named: "f").faults.map(\.description) == ["line 1: the file is empty"])
    #expect(read("").faults.map(\.description) == ["line 1: no price follows the first line"])
    let one = PriceFile.read(Array("x_Name\na\n".utf8), named: "f")
    #expect(one.faults.count == 1 && one.faults[0].text.hasSuffix(" x_Source, x_Date"))
  }

  @Test func aByteOrderMarkIsNoPartOfTheFirstColumn() {
    let row = "a,O,r,t,Hours,1,USD,,,s,2026-08-21\r\n"
    let text = [0xEF, 0xBB, 0xBF] + Array((Self.head + row).utf8)
    let file = PriceFile.read(text, named: "f")
    #expect(file.faults == [] && file.prices.count == 1)
  }

  @Test(arguments: [
    ("nat.hour,AWS,us-east-1,t,GB,0.045,USD,,,s,2026-08-21", true),
    ("nat.hourr,AWS,us-east-1,t,Hours,0.045,USD,,,s,2026-08-21", false),
    ("nat.hour,AWSX,us-east-1,t,Hours,0.045,USD,,,s,2026-08-21", false),
    ("nat.hour,AWS,mars-1,t,Hours,0.045,USD,,,s,2026-08-21", false),
    ("nat.hour,AWS,us-east-1,t,Hours,0.045,USD,,,s,2031-01-01", false),
    ("nat.hour,AWS,us-east-1,t,Hours,400,USD,,,s,2026-08-21", false),
  ])
  func comparedWithPerflabsOwn(row: String, isFault: Bool) {
    let file = PriceFile.read(
      Array((Self.head + row + "\n").utf8), named: "f", known: .embedded, today: "2026-11-29")
    #expect(file.faults.count == (isFault ? 1 : 0) && file.oddities.count == (isFault ? 0 : 1))
    #expect(file.prices.count == (isFault ? 0 : 1))
  }

  @Test func onesOwnPricesCount() throws {
    let own = read("nat.hour,AWS,us-east-1,NAT,Hours,9,USD,,,s,2026-08-21\n")
    let list = PriceList.embedded.replaced(by: PriceList(own.prices))
    #expect(list.price("nat.hour", of: "AWS")?.dollars == 9)
    #expect(list.price("nat.data", of: "AWS")?.dollars == 0.045)
    #expect(list.price("nat.hour", of: "Nobody") == nil)
  }
}
