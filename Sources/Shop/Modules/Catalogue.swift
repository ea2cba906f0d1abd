import Synchronization

/// Products and search. Other modules ask it for what they show of a product.
final class Catalogue: Sendable {
  /// Of a page of search results.
  static let pageLength = 20
  /// Views that are entered into the database together.
  private static let viewBatch = 4_096

  private let storage: any Storage
  private let settings: ShopSettings
  private let pages: FlightCache<Product>?
  private let views = Mutex((count: 0, of: [Int: Int]()))

  init(_ storage: any Storage, _ settings: ShopSettings) {
    self.storage = storage
    self.settings = settings
    pages =
      settings.cachedPages > 0
      ? FlightCache(capacity: settings.cachedPages, lifetime: .max, spread: 0) : nil
  }

  /// What a product page shows.
  func product(_ id: Int, _ scope: RequestScope) throws -> Product {
    try scope.function("Catalogue.product") {
      let product =
        try pages?.value(for: id, scope) { try storage.product(id, scope) }
        ?? storage.product(id, scope)
      try countView(of: id, scope)
      return product
    }
  }

  /// Products whose title has the word, after a product; one page of them.
  func search(_ word: String, after: Int, _ scope: RequestScope) throws -> [ProductSummary] {
    let limit = settings.has(.missingPagination) ? Int(Int32.max) : Self.pageLength
    return try scope.function("Catalogue.search") {
      guard settings.has(.queriesPerRow) else {
        return try storage.search(word, after: after, limit: limit, scope)
      }
      return try storage.matches(word, after: after, limit: limit, scope).map { id in
        let product = try storage.product(id, scope)
        return ProductSummary(id: id, name: product.name, price: product.price)
      }
    }
  }

  /// For other modules: what lists show of some products, by id.
  func summaries(of products: [Int], _ scope: RequestScope) throws -> [ProductSummary] {
    scope.count(.catalogueCalls)
    return try scope.function("Catalogue.summaries") {
      try storage.summaries(of: products, scope)
    }
  }

  /// For other modules: one product.
  func details(of product: Int, _ scope: RequestScope) throws -> Product {
    scope.count(.catalogueCalls)
    return try scope.function("Catalogue.details") { try storage.product(product, scope) }
  }

  private func countView(of id: Int, _ scope: RequestScope) throws {
    if settings.has(.hotRow) { return try storage.addViews([id: 1], scope) }
    let batch = views.withLock { views -> [Int: Int]? in
      views.of[id, default: 0] += 1
      views.count += 1
      guard views.count >= Self.viewBatch else { return nil }
      defer { views = (0, [:]) }
      return views.of
    }
    if let batch { try storage.addViews(batch, scope) }
  }
}
