import Databases
import Glibc
import Systems

/// Looks into a Shop's database itself, past the Shop, and says what must never be there.
public struct InvariantChecker {
  /// The first column of a query's rows.
  private let column: (_ sql: String) throws -> [String]

  /// - Parameter folder: of the Shop, which may be serving.
  /// - Throws: `ShopRefused.database`, also where there is none.
  public init(folder: String) throws(ShopRefused) {
    guard access("\(folder)/shop.db", F_OK) == 0 else {
      throw .database("there is no shop.db in \(folder)")
    }
    do {
      let database = try SQLiteDatabase(
        .file("\(folder)/shop.db"),
        SQLiteSettings(journal: .wal, synchronous: .normal, patience: 2))
      column = { sql in
        let statement = try database.prepare(sql)
        var texts: [String] = []
        while try statement.step() { texts.append(statement.text(0)) }
        return texts
      }
    } catch { throw .database("\(error)") }
  }

  /// - Parameter target: of the Shop's PostgreSQL server, as libpq takes it.
  /// - Throws: `ShopRefused.database`, also where it does not answer.
  public init(postgres target: String) throws(ShopRefused) {
    do {
      let database = try PostgresConnection(target)
      column = { sql in
        let rows = try database.execute(sql)
        return (0..<rows.count).map { rows.text($0, 0) }
      }
    } catch { throw .database("\(error)") }
  }

  /// Ids of orders that are paid.
  public func paidOrders() throws -> Set<Int> {
    Set(try column("SELECT id FROM orders WHERE state = 'paid'").compactMap { Int($0) })
  }

  /// Idempotency keys of orders that are paid.
  public func paidKeys() throws -> Set<String> {
    Set(try column("SELECT key FROM orders WHERE state = 'paid'"))
  }

  /// What is wrong, a line each; empty where all is well.
  /// - Parameter acknowledged: orders that clients were assured of.
  public func violations(acknowledged: [Int] = []) throws -> [String] {
    var found: [String] = []
    for (sql, words) in Self.rules {
      let count = try column(sql).first.flatMap { Int($0) } ?? 0
      if count > 0 { found.append("\(count) \(words)") }
    }
    let paid = try paidOrders()
    let lost = acknowledged.filter { !paid.contains($0) }.count
    if lost > 0 { found.append("\(lost) acknowledged orders are lost") }
    let doubled = acknowledged.count - Set(acknowledged).count
    if doubled > 0 { found.append("\(doubled) orders were acknowledged to two checkouts") }
    return found
  }

  private static let rules = [
    (
      "SELECT count(*) FROM orders o LEFT JOIN payments p ON p.orderid = o.id "
        + "WHERE o.state = 'paid' AND (p.orderid IS NULL OR p.amount <> o.total)",
      "paid orders have no payment of their total"
    ),
    (
      "SELECT count(*) FROM payments p LEFT JOIN orders o ON o.id = p.orderid "
        + "WHERE o.id IS NULL OR o.state <> 'paid'",
      "payments have no paid order"
    ),
    ("SELECT count(*) FROM products WHERE stock < 0", "products have less than no stock"),
    (
      "SELECT count(*) FROM products p LEFT JOIN "
        + "(SELECT l.product, sum(l.quantity) AS sold FROM lines l JOIN orders o "
        + "ON o.id = l.orderid WHERE o.state <> 'cancelled' AND o.session <> 0 "
        + "GROUP BY l.product) s ON s.product = p.id "
        + "WHERE p.stock + coalesce(s.sold, 0) <> \(SeededData.stock)",
      "products have a stock that is not what was there less what was sold"
    ),
    (
      "SELECT count(*) FROM orders o WHERE o.session <> 0 AND o.total <> "
        + "(SELECT coalesce(sum(l.quantity * l.price), 0) FROM lines l WHERE l.orderid = o.id)",
      "orders have a total that is not the sum of their lines"
    ),
  ]
}
