/// What others bought with a product: computed from all orders, and kept for a while.
final class Recommendations: Sendable {
  private static let count = 5
  /// Whose recommendations are kept at most.
  static let keptProducts = 10_000

  private let storage: any Storage
  private let catalogue: Catalogue
  private let cache: FlightCache<[ProductSummary]>

  init(_ storage: any Storage, _ catalogue: Catalogue, _ settings: ShopSettings) {
    self.storage = storage
    self.catalogue = catalogue
    let isSick = settings.has(.cacheStampede)
    cache = FlightCache(
      capacity: Self.keptProducts, lifetime: settings.cacheLifetime,
      spread: isSick ? 0 : settings.cacheSpread,
      isSingleFlight: settings.isSingleFlight && !isSick)
  }

  func products(for product: Int, _ scope: RequestScope) throws -> [ProductSummary] {
    try scope.function("Recommendations.products") {
      try cache.value(for: product, scope) {
        let ids = try storage.boughtWith(product, limit: Self.count, scope)
        return try catalogue.summaries(of: ids, scope)
      }
    }
  }

  /// Forgets all that was computed.
  func expire() { cache.expire() }

  /// As if all had been computed anew at this moment.
  func renew() { cache.renew() }

  /// The most computations under way at once since `renew`.
  var mostComputed: Int { cache.mostComputed }
}
