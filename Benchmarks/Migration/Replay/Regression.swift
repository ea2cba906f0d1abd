/// A regression of a release: planted in the Shop's data, or in what its database does.
struct Regression: Sendable {
  let name: String
  let sql: String
  /// Whether a session with these facts shows it.
  let isMet: @Sendable (VisitFacts) -> Bool

  static let all = [
    Regression(
      name: "pages of one category in 25 take longer",
      // An expression that is computed whenever such a row is read: 24 MB of digits.
      sql: """
        ALTER TABLE products RENAME COLUMN description TO plain;
        ALTER TABLE products ADD COLUMN description TEXT AS (
          CASE WHEN id % 25 = 7 AND length(hex(zeroblob(12000000 + id))) > 0
            THEN plain ELSE plain END)
        """, isMet: { $0.pages.contains { $0 % 25 == 7 && $0 <= 1_000 } }),
    Regression(
      name: "a second page of results is empty",
      sql: """
        DELETE FROM words WHERE rowid IN (
          SELECT number FROM (
            SELECT rowid AS number, row_number() OVER (PARTITION BY word ORDER BY product) AS place
            FROM words)
          WHERE place > 20)
        """, isMet: { $0.hasNextPage }),
    Regression(
      name: "a changed quantity is ignored",
      sql: trigger(
        "BEFORE INSERT ON carts",
        when: "EXISTS (SELECT 1 FROM carts WHERE session = NEW.session AND product = NEW.product)",
        "SELECT RAISE(IGNORE)"), isMet: { $0.hasChangedPieces }),
    Regression(
      name: "a cart of more than eight lines can't be bought",
      sql: trigger(
        "BEFORE INSERT ON lines",
        when: "(SELECT count(*) FROM lines WHERE orderid = NEW.orderid) >= 8",
        "SELECT RAISE(ABORT, 'too many lines')"), isMet: { $0.mostLines > 8 }),
    Regression(
      name: "of more than nine pieces nine stay in the cart",
      sql: trigger(
        "AFTER INSERT ON carts", when: "NEW.quantity > 9",
        "UPDATE carts SET quantity = 9 WHERE session = NEW.session AND product = NEW.product"),
      isMet: { $0.mostPieces > 9 }),
    Regression(
      name: "a second order of a session fails",
      sql: trigger(
        "BEFORE INSERT ON orders",
        when: "EXISTS (SELECT 1 FROM orders WHERE session = NEW.session)",
        "SELECT RAISE(ABORT, 'one order a session')"), isMet: { $0.orders > 1 }),
    Regression(
      name: "what was bought can't be put into the cart again",
      sql: trigger(
        "BEFORE INSERT ON carts",
        when: "EXISTS (SELECT 1 FROM orders o JOIN lines l ON l.orderid = o.id "
          + "WHERE o.session = NEW.session AND l.product = NEW.product)",
        "SELECT RAISE(ABORT, 'bought already')"), isMet: { $0.hasBoughtAgain }),
    Regression(
      name: "a repeated checkout is not recognised",
      sql: trigger(
        "AFTER INSERT ON payments",
        "UPDATE orders SET key = key || ' ' WHERE id = NEW.orderid"), isMet: { $0.hasRepeated }),
    Regression(
      name: "products that are gone are shown",
      sql: """
        INSERT INTO products
          SELECT id + 1000, name, price, stock, views, image, description FROM products
          WHERE id <= 40
        """, isMet: { $0.pages.contains { $0 > 1_000 } }),
    Regression(
      name: "a payment is entered a cent too low",
      sql: trigger(
        "AFTER INSERT ON payments",
        "UPDATE payments SET amount = amount - 1 WHERE orderid = NEW.orderid"),
      isMet: { _ in false }),
  ]

  private static func trigger(_ event: String, when: String = "true", _ action: String) -> String {
    "CREATE TRIGGER regression \(event) FOR EACH ROW WHEN \(when) BEGIN \(action); END"
  }
}
