import Databases
import Statistics
import Synchronization

/// The tables, and what is in them when the Shop opens.
enum SeededData {
  /// Of what a title is made; a search asks for one of them.
  static let words = [
    "amber", "birch", "copper", "denim", "ebony", "fern", "granite", "hazel", "indigo", "jade",
    "kettle", "lamp", "mirror", "needle", "oven", "pillow", "quilt", "radio", "saddle", "table",
    "umbrella", "vase", "wagon", "yarn", "zither", "anchor", "basket", "candle", "drawer", "easel",
    "flute", "glove", "hammer", "inkwell", "jacket", "kite", "ladder", "mug", "notebook", "oar",
  ]

  /// Of a title.
  static let wordsOfATitle = 3
  /// Of an order.
  static let linesOfAnOrder = 3
  /// Pieces of each product when the Shop opens.
  static let stock = 1_000_000

  private static let sentence =
    "Made by hand from sound material, checked twice, and sent on the day on which it is ordered. "

  static let schema = """
    CREATE TABLE products(
      id INTEGER PRIMARY KEY, name TEXT NOT NULL, price INTEGER NOT NULL,
      stock INTEGER NOT NULL CHECK(stock >= 0), views INTEGER NOT NULL, image INTEGER NOT NULL,
      description TEXT NOT NULL);
    CREATE TABLE words(product INTEGER NOT NULL, word TEXT NOT NULL);
    CREATE TABLE sessions(id INTEGER PRIMARY KEY);
    CREATE TABLE carts(
      session INTEGER NOT NULL, product INTEGER NOT NULL, quantity INTEGER NOT NULL,
      PRIMARY KEY(session, product)) WITHOUT ROWID;
    CREATE TABLE orders(
      id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, session INTEGER NOT NULL,
      state TEXT NOT NULL, total INTEGER NOT NULL);
    CREATE TABLE lines(
      orderid INTEGER NOT NULL, product INTEGER NOT NULL, quantity INTEGER NOT NULL,
      price INTEGER NOT NULL, PRIMARY KEY(orderid, product)) WITHOUT ROWID;
    CREATE INDEX lines_product ON lines(product, orderid);
    CREATE TABLE payments(
      orderid INTEGER PRIMARY KEY, amount INTEGER NOT NULL, reference TEXT NOT NULL);
    CREATE TABLE seeded(data TEXT NOT NULL);
    """

  /// Without it a search reads all words.
  static let index = "CREATE INDEX IF NOT EXISTS words_word ON words(word, product)"
  static let noIndex = "DROP INDEX IF EXISTS words_word"

  /// Makes the tables and fills them; nothing where they are filled with the same size already.
  /// - Throws: `ShopRefused.otherData` where there is another size.
  static func fill(_ database: SQLiteDatabase, _ size: DataSize) throws {
    let tables = try database.integer("SELECT count(*) FROM sqlite_master") ?? 0
    if tables > 0 {
      let stored = try database.prepare("SELECT data FROM seeded")
      guard try stored.step(), stored.text(0) == size.rawValue else {
        throw ShopRefused.otherData(size.rawValue)
      }
      return
    }
    // In a copy of the process another thread may have held the lock, for ever.
    if try !copied(size, to: database) { try database.copyAll(of: made(size)) }
  }

  /// A process that opens many Shops, as experiments do, fills the tables once.
  // Only who holds the lock uses them.
  nonisolated(unsafe) private static var templates: [DataSize: SQLiteDatabase] = [:]
  private static let lock = Mutex(())

  private static func copied(_ size: DataSize, to database: SQLiteDatabase) throws -> Bool {
    try lock.withLockIfAvailable { _ in
      let template = try templates[size] ?? made(size)
      // The large one would be a burden to those who open one Shop.
      if size != .large { templates[size] = template }
      try database.copyAll(of: template)
      return true
    } ?? false
  }

  static func made(_ size: DataSize) throws -> SQLiteDatabase {
    let database = try SQLiteDatabase(.memory, .building)
    try database.transaction {
      try database.execute(schema)
      var random = SeededGenerator(seed: 0x5409, stream: UInt64(size.products))
      try fillProducts(of: size, in: database, &random)
      try fillOrders(of: size, in: database, &random)
      try database.execute("INSERT INTO seeded VALUES ('\(size.rawValue)')")
      try database.execute(index)
    }
    try database.execute("ANALYZE")
    return database
  }

  private static func fillProducts(
    of size: DataSize, in database: SQLiteDatabase, _ random: inout SeededGenerator
  ) throws {
    let product = try database.prepare("INSERT INTO products VALUES (?, ?, ?, ?, 0, ?, ?)")
    let word = try database.prepare("INSERT INTO words VALUES (?, ?)")
    for id in 1...size.products {
      let title = words.shuffled(using: &random).prefix(wordsOfATitle)
      let sentences = Int.random(in: 2...5, using: &random)
      try product.bind(id, at: 1)
      try product.bind(title.joined(separator: " "), at: 2)
      try product.bind(Int.random(in: 199...99_999, using: &random), at: 3)
      try product.bind(stock, at: 4)
      try product.bind(id % DataSize.images, at: 5)
      try product.bind(String(repeating: sentence, count: sentences), at: 6)
      try product.run()
      for each in title {
        try word.bind(id, at: 1)
        try word.bind(each, at: 2)
        try word.run()
      }
    }
  }

  private static func fillOrders(
    of size: DataSize, in database: SQLiteDatabase, _ random: inout SeededGenerator
  ) throws {
    let order = try database.prepare("INSERT INTO orders VALUES (?, ?, 0, 'paid', ?)")
    let line = try database.prepare("INSERT INTO lines VALUES (?, ?, 1, 100)")
    let payment = try database.prepare("INSERT INTO payments VALUES (?, ?, 'seeded')")
    for id in 1...size.orders {
      // Popular products are in more orders, as everywhere.
      var products: Set<Int> = []
      while products.count < linesOfAnOrder {
        let share = Double.random(in: 0..<1, using: &random)
        products.insert(1 + Int(share * share * Double(size.products)))
      }
      let total = 100 * linesOfAnOrder
      try order.bind(id, at: 1)
      try order.bind("seeded-\(id)", at: 2)
      try order.bind(total, at: 3)
      try order.run()
      for product in products {
        try line.bind(id, at: 1)
        try line.bind(product, at: 2)
        try line.run()
      }
      try payment.bind(id, at: 1)
      try payment.bind(total, at: 2)
      try payment.run()
    }
  }
}
