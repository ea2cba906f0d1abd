import Databases
import Harness
import Results

/// Ten thousand products of eight properties in three forms: as rows of `properties`, as columns of
/// `products`, as the JSON of `bodies`.
enum ProductProperties {
  static let products = 10_000
  /// Of a property, evenly and independently.
  static let values = 10

  private static let value = "(i * (2 * p + 1) * 7919 + i / 97 * (p + 3)) % 99991 % 10"

  /// The eight properties as a function of product and number, so that all forms agree.
  private static func property(_ number: Int) -> String {
    value.replacing("p", with: "\(number)")
  }

  static func fill(_ database: SQLiteDatabase) throws {
    let numbers =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT \(products))"
    let names = ["colour", "size", "brand", "fabric", "season", "origin", "care", "grade"]
    let columns = names.map { "\($0) INTEGER NOT NULL" }.joined(separator: ", ")
    let all = names.indices.map(property).joined(separator: ", ")
    let fields = names.enumerated().map { "'\($1)', \(property($0))" }.joined(separator: ", ")
    let price = "199 + i * 389 % 9973"
    try database.execute(
      """
      CREATE TABLE products(id INTEGER PRIMARY KEY, price INTEGER NOT NULL, \(columns));
      \(numbers) INSERT INTO products SELECT i, \(price), \(all) FROM n;
      CREATE INDEX products_found ON products(colour, size, brand);
      CREATE TABLE items(id INTEGER PRIMARY KEY, price INTEGER NOT NULL);
      INSERT INTO items SELECT id, price FROM products;
      CREATE TABLE bodies(id INTEGER PRIMARY KEY, body TEXT NOT NULL);
      \(numbers) INSERT INTO bodies SELECT i, json_object('price', \(price), \(fields)) FROM n;
      CREATE INDEX bodies_colour ON bodies(json_extract(body, '$.colour'));
      CREATE TABLE properties(
        product INTEGER NOT NULL, name INTEGER NOT NULL, value INTEGER NOT NULL,
        PRIMARY KEY(product, name)) WITHOUT ROWID;
      """)
    for number in names.indices {
      try database.execute(
        "\(numbers) INSERT INTO properties SELECT i, \(number), \(property(number)) FROM n")
    }
    try database.execute("CREATE INDEX properties_value ON properties(name, value, product)")
  }

  /// Of a table and its indexes.
  static func bytes(of table: String, in database: SQLiteDatabase) throws -> Counter {
    let all =
      table == "properties"
      ? "'properties', 'properties_value', 'items'"
      : "'\(table)', '\(table)_found', '\(table)_colour'"
    let pages = try? database.integer("SELECT sum(pgsize) FROM dbstat WHERE name IN (\(all))")
    return Counter(Double(pages ?? 0), unit: .bytes)
  }
}
