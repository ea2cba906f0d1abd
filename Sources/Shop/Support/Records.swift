/// What the catalogue knows of a product. Prices are in cents.
struct Product: Sendable, Equatable {
  let id: Int
  let name: String
  let price: Int
  let stock: Int
  let image: Int
  let description: String
}

/// A product as lists show it.
struct ProductSummary: Sendable, Equatable {
  let id: Int
  let name: String
  let price: Int
}

/// So many pieces of a product.
struct CartLine: Sendable, Equatable, Codable {
  static let mostPieces = 100

  let product: Int
  let quantity: Int

  /// - Throws: `RequestError` 400 where there are too few or too many.
  func check() throws {
    guard (1...Self.mostPieces).contains(quantity) else {
      throw RequestError.bad("quantity must be from 1 to \(Self.mostPieces)")
    }
  }
}

/// An order. Amounts are in cents.
struct Order: Sendable, Equatable {
  /// What has become of it.
  enum State: String, Sendable {
    /// Its stock is taken and it is not paid yet.
    case reserved
    case paid
    /// It could not be paid, and its stock is back.
    case cancelled
  }

  struct Line: Sendable, Equatable {
    let product: Int
    let quantity: Int
    let price: Int
  }

  let id: Int
  let session: Int
  let state: State
  let total: Int
  var lines: [Line] = []
}
