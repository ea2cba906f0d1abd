import Databases

/// Which orders and stocks of a Shop's database have changed and are not yet in its followers:
/// entered by triggers, so in the transaction of the change, and with no change of the Shop's code.
public enum ShopOutbox {
  private static let names = ["new_order", "order_state", "new_payment", "new_stock"]

  /// Makes it, where it is not there.
  public static func install(in folder: String) throws {
    let enter = { (kind: Int, id: String) in "INSERT INTO outbox(kind, id) VALUES (\(kind), \(id))"
    }
    let events = [
      "INSERT ON orders BEGIN \(enter(0, "NEW.id"))",
      "UPDATE ON orders BEGIN \(enter(0, "NEW.id"))",
      "INSERT ON payments BEGIN \(enter(0, "NEW.orderid"))",
      "UPDATE OF stock ON products BEGIN \(enter(1, "NEW.id"))",
    ]
    let database = try ShopData.opened(folder)
    try ShopData.writing(database) {
      try database.execute(
        "CREATE TABLE IF NOT EXISTS outbox("
          + "number INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, id INTEGER NOT NULL)")
      for (name, event) in zip(names, events) {
        try database.execute("CREATE TRIGGER IF NOT EXISTS outbox_\(name) AFTER \(event); END")
      }
    }
  }

  /// Removes it with what is still in it.
  public static func remove(from folder: String) throws {
    let database = try ShopData.opened(folder)
    try ShopData.writing(database) {
      for name in names { try database.execute("DROP TRIGGER IF EXISTS outbox_\(name)") }
      try database.execute("DROP TABLE IF EXISTS outbox")
    }
  }
}
