/// A regression that is planted in the Shop's data, or in what its database does.
struct Mutant: Sendable {
  let name: String
  let sql: String
  /// The share of the requests whose response shows it, from the shopping mix and the data.
  let visible: Double
  /// The share that fail.
  var failing = 0.0

  /// Shares of the mix: 17% product pages, 37% searches of 20 products each, 21% recommendations,
  /// 12% additions to a cart, 6% views of it, 1.2% checkouts, 0.7% views of an order.
  static let all: [Mutant] = [
    Mutant(
      name: "search loses one product in fifty",
      sql: "DELETE FROM words WHERE product % 50 = 0", visible: 0.37 * 0.33),
    Mutant(
      name: "one price in a hundred is a cent off",
      sql: "UPDATE products SET price = price + 1 WHERE id % 100 = 7",
      visible: 0.17 * 0.01 + 0.37 * 0.18 + 0.21 * 0.05),
    Mutant(
      name: "one description in twenty is cut off",
      sql: "UPDATE products SET description = substr(description, 1, 150) WHERE id % 20 = 3",
      visible: 0.17 * 0.05),
    Mutant(
      name: "one order in ten is forgotten by the recommendations",
      sql: "DELETE FROM lines WHERE orderid % 10 = 0", visible: 0.21 * 0.3),
    Mutant(
      name: "a cart has one piece more",
      sql: trigger(
        "AFTER INSERT ON carts",
        "UPDATE carts SET quantity = quantity + 1 WHERE session = NEW.session AND "
          + "product = NEW.product"), visible: 0.06 + 0.012),
    Mutant(
      name: "a cart stays full when it is bought",
      sql: trigger("BEFORE DELETE ON carts", "SELECT RAISE(IGNORE)"), visible: 0.06 + 0.012,
      failing: 0.001_5),
    Mutant(
      name: "stock is not taken",
      sql: trigger(
        "AFTER UPDATE OF stock ON products WHEN NEW.stock < OLD.stock",
        "UPDATE products SET stock = OLD.stock WHERE id = NEW.id"), visible: 0.17 * 0.04),
    Mutant(
      name: "an order's lines are doubled",
      sql: trigger(
        "AFTER INSERT ON lines",
        "UPDATE lines SET quantity = 2 * quantity WHERE orderid = NEW.orderid AND "
          + "product = NEW.product"), visible: 0.007),
    Mutant(
      name: "an order's total is a cent off",
      sql: trigger(
        "AFTER INSERT ON orders", "UPDATE orders SET total = total + 1 WHERE id = NEW.id"),
      visible: 0.007),
    Mutant(
      name: "a payment's amount is a cent off",
      sql: trigger(
        "AFTER INSERT ON payments",
        "UPDATE payments SET amount = amount - 1 WHERE orderid = NEW.orderid"), visible: 0),
    Mutant(
      name: "orders of more than three lines fail",
      sql: trigger(
        "BEFORE INSERT ON lines "
          + "WHEN (SELECT count(*) FROM lines WHERE orderid = NEW.orderid) >= 3",
        "SELECT RAISE(ABORT, 'too many lines')"), visible: 0.01, failing: 0.01),
    Mutant(
      name: "one product in ten can't be put into a cart",
      sql: trigger(
        "BEFORE INSERT ON carts WHEN NEW.product % 10 = 3", "SELECT RAISE(ABORT, 'no cart')"),
      visible: 0.012, failing: 0.012),
  ]

  private static func trigger(_ event: String, _ action: String) -> String {
    let when = event.split(separator: " WHEN ", maxSplits: 1)
    return "CREATE TRIGGER mutation \(when[0]) FOR EACH ROW "
      + (when.count > 1 ? "WHEN \(when[1]) " : "") + "BEGIN \(action); END"
  }
}
