extension DatabaseStorage {
  func product(_ id: Int, _ scope: RequestScope) throws -> Product {
    try read(scope) { connection in
      var product: Product?
      try connection.rows(.product, [.integer(id)], scope) { row in
        product = Product(
          id: id, name: row.text(0), price: row.integer(1), stock: row.integer(2),
          image: row.integer(3), description: row.text(4))
      }
      guard let product else { throw RequestError.unknown("product \(id)") }
      return product
    }
  }

  func search(
    _ word: String, after: Int, limit: Int, _ scope: RequestScope
  ) throws -> [ProductSummary] {
    let values: [ShopValue] = [.text(word), .integer(after), .integer(limit)]
    return try read(scope) { try summaries(.search, values, $0, scope) }
  }

  func matches(_ word: String, after: Int, limit: Int, _ scope: RequestScope) throws -> [Int] {
    try read(scope) { connection in
      var ids: [Int] = []
      let values: [ShopValue] = [.text(word), .integer(after), .integer(limit)]
      try connection.rows(.matches, values, scope) { ids.append($0.integer(0)) }
      return ids
    }
  }

  func summaries(of products: [Int], _ scope: RequestScope) throws -> [ProductSummary] {
    let list = "[\(products.map(String.init).joined(separator: ","))]"
    return try read(scope) { try summaries(.summaries, [.text(list)], $0, scope) }
  }

  func boughtWith(_ product: Int, limit: Int, _ scope: RequestScope) throws -> [Int] {
    try read(scope) { connection in
      var ids: [Int] = []
      try connection.rows(.boughtWith, [.integer(product), .integer(limit)], scope) {
        ids.append($0.integer(0))
      }
      return ids
    }
  }

  func addViews(_ views: [Int: Int], _ scope: RequestScope) throws {
    try write(scope) { connection in
      for (product, count) in views.sorted(by: { $0.key < $1.key }) {
        try connection.run(.addViews, [.integer(count), .integer(product)], scope)
      }
    }
  }

  private func summaries(
    _ query: Query, _ values: [ShopValue], _ connection: any ShopConnection,
    _ scope: RequestScope
  ) throws -> [ProductSummary] {
    var found: [ProductSummary] = []
    try connection.rows(query, values, scope) { row in
      found.append(ProductSummary(id: row.integer(0), name: row.text(1), price: row.integer(2)))
    }
    return found
  }
}
