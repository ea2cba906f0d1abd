import Results

/// Prices of one or more providers: what `Prices/*.csv` and a user's own file hold.
///
/// The columns have the names of the FinOps FOCUS specification where it has them; those of our own
/// begin with `x_`, as it asks for: `x_Name` is what an experiment calls the price, `x_Low` and
/// `x_High` are the ends of a range where the source gives one, `x_MinimumDays` and
/// `x_MinimumBytes` what is billed at least, `x_Source` says where the price was found, and `x_Date`
/// from when the source is, or when it was read where it has no date.
public struct PriceList: Sendable, Equatable {
  /// In the order of the files; of two with one name and provider the later counts.
  public private(set) var prices: [Price]

  /// An empty list, or the prices given.
  public init(_ prices: [Price] = []) { self.prices = prices }

  /// The price that an experiment names; nil where the list has none.
  /// - Parameter provider: `AWS`, `Google Cloud`.
  public func price(_ name: String, of provider: String) -> Price? {
    prices.last { $0.name == name && $0.provider == provider }
  }

  /// These prices, and those of another list in their place where both have one.
  public func replaced(by other: PriceList) -> PriceList { PriceList(prices + other.prices) }

  /// The lists that the executable contains.
  public static let embedded: PriceList = {
    let files = [
      ("Prices/aws-us-east-1-2026-08.csv", PackageResources.aws_us_east_1_2026_08_csv),
      ("Prices/google-us-central1-2026-08.csv", PackageResources.google_us_central1_2026_08_csv),
    ]
    return PriceList(files.flatMap { PriceFile.read($0.1, named: $0.0).prices })
  }()
}

/// A row of a list.
public struct Price: Sendable, Equatable {
  /// What an experiment calls it: `storage.standard`.
  public var name: String
  /// `AWS`
  public var provider: String
  /// `us-east-1`
  public var region: String
  /// What it is for, in a few words.
  public var title: String
  /// What one of it is: `GB`, `Hours`, `Requests`.
  public var unit: String
  /// Dollars for one of the unit.
  public var dollars: Double
  /// The ends of a range, in dollars for one of the unit; the price itself where there is none.
  public var low, high: Double
  /// Days that are billed at least; 0 where there is no minimum.
  public var minimumDays: Double
  /// Bytes that are billed at least for an object; 0 where there is no minimum.
  public var minimumBytes: Double
  /// Where it was found, and when: `example.com/prices, 2026-08-21`.
  public var source: String
  /// The file and line that it stands in.
  public var place: String
}
