/// What a visitor does next.
enum VisitStep: Hashable, Sendable {
  case product(Int)
  case search(word: String)
  /// The page that follows the last search.
  case nextPage(word: String)
  case recommendations(Int)
  case add(product: Int, pieces: Int)
  case cart
  case checkout
  /// The same checkout once more, as after a second click.
  case checkoutAgain
  case order
}

/// The steps of a session that is opened for them.
struct VisitScript: Sendable {
  var steps: [VisitStep] = []

  /// Sessions until they have together at least so many steps, or there are no more.
  static func filling(_ requests: Int, _ next: () -> VisitScript?) -> [VisitScript] {
    var (scripts, count) = ([VisitScript](), 0)
    while count < requests, let script = next() {
      scripts.append(script)
      count += script.steps.count
    }
    return scripts
  }
}

/// What happens in a session, as far as regressions depend on it.
struct VisitFacts: Sendable {
  /// Pages of products that were opened.
  private(set) var pages: Set<Int> = []
  private(set) var hasNextPage = false
  /// A quantity was changed in the cart, and the cart was shown or bought afterwards.
  private(set) var hasChangedPieces = false
  /// The most pieces of a product in a cart that was shown or bought.
  private(set) var mostPieces = 0
  /// Of a cart that was bought.
  private(set) var mostLines = 0
  private(set) var orders = 0
  private(set) var hasRepeated = false
  /// What was bought before was put into the cart again.
  private(set) var hasBoughtAgain = false

  init(_ script: VisitScript) {
    var (cart, bought, isChanged) = ([Int: Int](), Set<Int>(), false)
    for step in script.steps {
      switch step {
      case .product(let product): pages.insert(product)
      case .nextPage: hasNextPage = true
      case .add(let product, let pieces):
        isChanged = isChanged || cart[product].map { $0 != pieces } ?? false
        hasBoughtAgain = hasBoughtAgain || bought.contains(product)
        cart[product] = pieces
      case .cart, .checkout:
        guard !cart.isEmpty else { continue }
        hasChangedPieces = hasChangedPieces || isChanged
        mostPieces = max(mostPieces, cart.values.max() ?? 0)
        guard step == .checkout else { continue }
        mostLines = max(mostLines, cart.count)
        orders += 1
        bought.formUnion(cart.keys)
        (cart, isChanged) = ([:], false)
      case .checkoutAgain: hasRepeated = hasRepeated || orders > 0
      case .search, .recommendations, .order: continue
      }
    }
  }
}
