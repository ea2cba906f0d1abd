/// Where the Shop keeps its data. Calls come from workers, several at once; each counts in `scope`
/// what it does.
///
/// What a request needs together is one call, so that an implementation can make one transaction of
/// it.
protocol Storage: AnyObject, Sendable {
  /// - Throws: `RequestError` 404 where there is none.
  func product(_ id: Int, _ scope: RequestScope) throws -> Product
  /// Products whose title has a word, by id, those after `after`; at most `limit`.
  func search(_ word: String, after: Int, limit: Int, _ scope: RequestScope) throws
    -> [ProductSummary]
  /// The same as ids alone.
  func matches(_ word: String, after: Int, limit: Int, _ scope: RequestScope) throws -> [Int]
  /// In the order of their ids; unknown ones are left out.
  func summaries(of products: [Int], _ scope: RequestScope) throws -> [ProductSummary]
  /// The products that were bought most often together with one, at most `limit`.
  func boughtWith(_ product: Int, limit: Int, _ scope: RequestScope) throws -> [Int]
  /// Adds views to several products at once.
  func addViews(_ views: [Int: Int], _ scope: RequestScope) throws

  func openSession(_ session: Int, _ scope: RequestScope) throws
  /// Sets the quantity of a product in a cart.
  /// - Throws: `RequestError` 404 where there is no such product, 401 without such a session.
  func put(_ line: CartLine, inCartOf session: Int, _ scope: RequestScope) throws
  /// Has a session's cart hold these lines and nothing else; opens the session where it is not
  /// known.
  /// - Throws: `RequestError` 404 where there is no such product.
  func replaceCart(of session: Int, by lines: [CartLine], _ scope: RequestScope) throws
  /// - Throws: `RequestError` 401 where there is no such session.
  func cart(of session: Int, _ scope: RequestScope) throws -> [CartLine]

  /// Takes what is in a cart out of stock, as an order that is not paid yet. Where `key` has an
  /// order already, that is returned and nothing changes.
  /// - Throws: `RequestError` 409 where the cart is empty or the stock too small.
  func reserve(
    _ session: Int, key: String, _ scope: RequestScope
  ) throws -> (order: Order, isNew: Bool)
  /// Enters the payment of a reserved order and empties the cart.
  func confirm(_ order: Order, payment: String, _ scope: RequestScope) throws
  /// Gives the stock of a reserved order back.
  func cancel(_ order: Order, _ scope: RequestScope) throws
  /// - Throws: `RequestError` 404 where there is none.
  func order(_ id: Int, _ scope: RequestScope) throws -> Order

  /// Numbers of this moment.
  var gauges: [Gauge] { get }
}
