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

  /// Continues a digest by a response: one function for both handlers, so that they do the same
  /// beside their own work.
  @inline(never)
  static func hashed(_ bytes: UnsafeBufferPointer<UInt8>, _ before: UInt64) -> UInt64 {
    bytes.reduce(before) { $0 &* 31 &+ UInt64($1) }
  }

  /// A digest of the items' numbers in all requests: parsing alone.
  @inline(__always)
  func parsed(_ parse: (String) -> Int?) -> UInt64 {
    texts.reduce(UInt64(0)) { $0 &* 31 &+ UInt64(parse($1) ?? 0) }
  }

  /// Bytes of the responses for all items: formatting alone.
  @inline(__always)
  func formatted(_ format: (_ id: Int, _ price: Int) -> Int) -> UInt64 {
    prices.reduce(UInt64(0)) { sum, item in sum &+ UInt64(format(item.key, item.value)) }
  }
}
