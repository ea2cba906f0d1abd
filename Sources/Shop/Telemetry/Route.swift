/// The kinds of requests.
public enum Route: String, CaseIterable, Sendable, BitwiseCopyable {
  case product = "/products/:id"
  case search = "/search"
  case openSession = "/sessions"
  case cart = "/cart"
  case addToCart = "/cart+"
  case checkout = "/checkout"
  case order = "/orders/:id"
  case placeOrder = "/orders"
  case recommendations = "/products/:id/recommendations"
  case image = "/images/:id"
  case health = "/health"
  case metrics = "/metrics"
  case unknown

  /// Whether its requests write to the database.
  var writes: Bool {
    switch self {
    case .openSession, .addToCart, .checkout, .placeOrder: true
    default: false
    }
  }

  /// As metrics and spans call it.
  var label: String {
    switch self {
    case .cart: "GET /cart"
    case .openSession, .checkout, .placeOrder: "POST \(rawValue)"
    case .addToCart: "POST /cart"
    case .unknown: rawValue
    default: "GET \(rawValue)"
    }
  }
}
