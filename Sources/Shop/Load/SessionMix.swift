import Systems

/// What visitors of a shop do, how often, and how long they think in between.
public struct SessionMix: Sendable, Equatable {
  /// Something that a visitor does next.
  public enum Step: String, CaseIterable, Sendable {
    case product, search, recommendations, image, addToCart, cart, checkout, order
  }

  /// A step and its share of all steps.
  public struct Share: Sendable, Equatable {
    /// What is done.
    public let step: Step
    /// Relative to the sum of all.
    public let weight: Double
  }

  /// Of all steps.
  public let shares: [Share]
  /// Nanoseconds between a response and the visitor's next step.
  public let thinking: Durations
  /// Of the product pages that are asked for, those of products that are gone: old links, and robots
  /// that follow them.
  public var deadLinks = 0.0

  /// A mix of one's own.
  public init(_ weights: KeyValuePairs<Step, Double>, thinking: Durations) {
    shares = weights.map { Share(step: $0.key, weight: $0.value) }
    self.thinking = thinking
  }

  /// TPC-W's shopping mix, its fourteen pages on the Shop's routes, with its mean think time of
  /// seven seconds: home, new products and best sellers are lists with pictures (recommendations and
  /// images), search requests and results are searches, the pages of an order are checkouts.
  ///
  /// Source: TPC Benchmark W, version 1.8, clauses 5.2.2 and 5.3.1.
  public static let shopping = SessionMix(
    [
      .product: 17, .search: 37, .recommendations: 21, .image: 5, .addToCart: 11.6, .cart: 5.6,
      .checkout: 1.2, .order: 0.7,
    ], thinking: .exponential(mean: 7e9))

  /// The same steps with another think time.
  /// - Parameter thinking: nanoseconds.
  public func thinking(_ thinking: Durations) -> SessionMix {
    SessionMix(shares: shares, thinking: thinking)
  }

  private init(shares: [Share], thinking: Durations) {
    self.shares = shares
    self.thinking = thinking
  }
}
