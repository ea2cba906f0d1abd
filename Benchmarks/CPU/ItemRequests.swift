import Harness

/// Requests for the price of an item, and the prices.
struct ItemRequests: Sendable {
  /// Of one kernel call.
  static let count = 256

  /// `/item?p0=52170&…&id=417&…`: the item's number is one of the parameters.
  let texts: [String]
  /// By the item's number.
  let prices: [Int: Int]

  /// A point's value is the number of parameters of a request.
  init(_ point: Point) {
    var random = point.generator()
    let prices = Dictionary(
      uniqueKeysWithValues: (0..<1_000).map { ($0, Int.random(in: 1...9_999, using: &random)) })
    self.prices = prices
    texts = (0..<Self.count).map { _ in
      let place = Int.random(in: 0..<point.value, using: &random)
      let parameters = (0..<point.value).map { index in
        index == place
          ? "id=\(Int.random(in: 0..<1_000, using: &random))"
          : "p\(index)=\(Int.random(in: 10_000..<100_000, using: &random))"
      }
      return "/item?" + parameters.joined(separator: "&")
    }
  }
}
