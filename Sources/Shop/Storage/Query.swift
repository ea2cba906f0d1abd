/// The statements of the Shop, each prepared once on a connection.
enum Query: Int, CaseIterable {
  case product, search, matches, summaries, boughtWith, addViews
  case openSession, hasSession, putLine, hasProduct, cart, emptyCart
  case orderOfKey, addOrder, cartPrices, takeStock, addLine, order, lines
  case confirmOrder, addPayment, cancelOrder, giveStock, unpaidOrders
  case begin, commit, rollback

  var sql: String {
    switch self {
    case .product:
      "SELECT name, price, stock, image, description FROM products WHERE id = ?"
    case .search:
      """
      SELECT p.id, p.name, p.price FROM words w CROSS JOIN products p ON p.id = w.product
      WHERE w.word = ? AND w.product > ? ORDER BY w.product LIMIT ?
      """
    case .matches:
      "SELECT product FROM words WHERE word = ? AND product > ? ORDER BY product LIMIT ?"
    case .summaries:
      """
      SELECT id, name, price FROM products WHERE id IN (SELECT value FROM json_each(?))
      ORDER BY id
      """
    case .boughtWith:
      """
      SELECT b.product, count(*) AS together FROM lines a CROSS JOIN lines b
      ON b.orderid = a.orderid WHERE a.product = ?1 AND b.product <> ?1
      GROUP BY b.product ORDER BY together DESC, b.product LIMIT ?2
      """
    case .addViews: "UPDATE products SET views = views + ? WHERE id = ?"
    case .openSession: "INSERT OR IGNORE INTO sessions VALUES (?)"
    case .hasSession: "SELECT 1 FROM sessions WHERE id = ?"
    case .putLine: "INSERT OR REPLACE INTO carts VALUES (?, ?, ?)"
    case .hasProduct: "SELECT 1 FROM products WHERE id = ?"
    case .cart: "SELECT product, quantity FROM carts WHERE session = ? ORDER BY product"
    case .emptyCart: "DELETE FROM carts WHERE session = ?"
    case .orderOfKey: "SELECT id FROM orders WHERE key = ?"
    case .addOrder: "INSERT INTO orders(key, session, state, total) VALUES (?, ?, 'reserved', ?)"
    case .cartPrices:
      """
      SELECT c.product, c.quantity, p.price FROM carts c JOIN products p ON p.id = c.product
      WHERE c.session = ? ORDER BY c.product
      """
    case .takeStock: "UPDATE products SET stock = stock - ?1 WHERE id = ?2 AND stock >= ?1"
    case .addLine: "INSERT INTO lines VALUES (?, ?, ?, ?)"
    case .order: "SELECT session, state, total FROM orders WHERE id = ?"
    case .lines: "SELECT product, quantity, price FROM lines WHERE orderid = ? ORDER BY product"
    case .confirmOrder: "UPDATE orders SET state = 'paid' WHERE id = ? AND state = 'reserved'"
    case .addPayment: "INSERT INTO payments VALUES (?, ?, ?)"
    case .cancelOrder: "UPDATE orders SET state = 'cancelled' WHERE id = ? AND state = 'reserved'"
    case .giveStock: "UPDATE products SET stock = stock + ? WHERE id = ?"
    case .unpaidOrders: "SELECT id FROM orders WHERE state = 'reserved'"
    case .begin: "BEGIN IMMEDIATE"
    case .commit: "COMMIT"
    case .rollback: "ROLLBACK"
    }
  }

  /// The same as PostgreSQL has it.
  var postgres: String { Self.postgres[rawValue] }

  private static let postgres = allCases.map(\.translated)

  private var translated: String {
    switch self {
    case .summaries:
      """
      SELECT id, name, price FROM products
      WHERE id IN (SELECT value::bigint FROM json_array_elements_text($1::json)) ORDER BY id
      """
    // Even where there is such a session its row is locked, and with it the cart.
    case .openSession:
      "INSERT INTO sessions VALUES ($1) ON CONFLICT (id) DO UPDATE SET id = excluded.id"
    case .putLine:
      """
      INSERT INTO carts VALUES ($1, $2, $3)
      ON CONFLICT (session, product) DO UPDATE SET quantity = excluded.quantity
      """
    case .addOrder:
      """
      INSERT INTO orders(key, session, state, total) VALUES ($1, $2, 'reserved', $3)
      ON CONFLICT (key) DO NOTHING RETURNING id
      """
    // Each statement sees what was committed before it: a condition on a row that another
    // transaction has changed is looked at anew.
    case .begin: "BEGIN ISOLATION LEVEL READ COMMITTED"
    default: numbered
    }
  }

  /// With `$1` for `?1`, and for the first `?`.
  private var numbered: String {
    var text = ""
    var parameters = 0
    for part in sql.replacing("CROSS JOIN", with: "JOIN").split(
      separator: "?", omittingEmptySubsequences: false)
    {
      if parameters > 0 { text += part.first?.isNumber == true ? "$" : "$\(parameters)" }
      text += part
      parameters += 1
    }
    return text
  }

  /// In one line.
  var line: String { String(sql.map { $0.isNewline ? " " : $0 }) }
}
