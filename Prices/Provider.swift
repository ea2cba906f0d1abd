import Harness
import Results

/// Prices of the lists as terms of a model: by the name that they have in `Prices/`.
public struct Provider: Sendable {
  /// As the lists name it.
  public let name: String

  /// Amazon Web Services.
  public static let aws = Provider(name: "AWS")
  /// Google Cloud.
  public static let google = Provider(name: "Google Cloud")

  /// A price with its range and source.
  /// - Throws: `MissingNumber` where the lists have none of this name, or in another unit.
  public func price<Amount: Billed>(
    _ name: String, _ amount: Amount.Type = Amount.self
  ) throws(MissingNumber) -> Term<DollarsPer<Amount>> {
    let price = try found(name)
    let unit = Self.unit(amount)
    guard price.unit == unit else { throw missing(name, "is in \(price.unit), not in \(unit)") }
    return .input(
      price.title, price.dollars, low: price.low, high: price.high,
      source: "\(price.place): \(price.source)")
  }

  /// Hours of a month: of what is billed as long as it exists.
  public func monthly(_ name: String) throws(MissingNumber) -> Bill {
    try price(name, Hours.self).perMonth
  }

  /// Of what a minimum is billed: days and bytes.
  public func minimum(_ name: String) throws(MissingNumber) -> (days: Double, bytes: Double) {
    let price = try found(name)
    return (price.minimumDays, price.minimumBytes)
  }

  private func found(_ name: String) throws(MissingNumber) -> Price {
    guard let price = PriceBook.current.price(name, of: self.name) else {
      throw missing(name, "is in no list")
    }
    return price
  }

  private func missing(_ name: String, _ reason: String) -> MissingNumber {
    let price = "the price \(name) of \(self.name)"
    return MissingNumber(name: price, reason: "\(price) \(reason); see 'perflab prices'")
  }

  /// As FOCUS writes the unit.
  private static func unit<Amount: Billed>(_ amount: Amount.Type) -> String {
    switch amount.unit {
    case Hours.unit: "Hours"
    case Gigabytes.unit: "GB"
    case GigabyteMonths.unit: "GB-Months"
    case GigabyteSeconds.unit: "GB-Seconds"
    case GigabyteHours.unit: "GB-Hours"
    case Requests.unit: "Requests"
    case Months.unit: "Months"
    default: "TB"
    }
  }

  /// A core and a gibibyte by themselves: c7g.large has 2 cores and 4 GiB, m7g.large 2 cores and
  /// 8 GiB, so that their difference is the price of 4 GiB.
  public static func machine() throws(MissingNumber) -> (
    core: Term<DollarsPerHour>, gibibyte: Term<DollarsPerHour>
  ) {
    let compute = try aws.price("compute.c7g.large", Hours.self)
    let gibibyte = (try aws.price("compute.m7g.large", Hours.self) - compute) / 4
    return ((compute - 4 * gibibyte) / 2, gibibyte)
  }
}
