extension DatabaseStorage {
  func openSession(_ session: Int, _ scope: RequestScope) throws {
    try write(scope) { _ = try $0.run(.openSession, [.integer(session)], scope) }
  }

  func put(_ line: CartLine, inCartOf session: Int, _ scope: RequestScope) throws {
    try write(scope) { connection in
      try expect(session, connection, scope)
      try put(line, session, connection, scope)
    }
  }

  func replaceCart(of session: Int, by lines: [CartLine], _ scope: RequestScope) throws {
    try write(scope) { connection in
      try connection.run(.openSession, [.integer(session)], scope)
      try connection.run(.emptyCart, [.integer(session)], scope)
      for line in lines { try put(line, session, connection, scope) }
    }
  }

  private func put(
    _ line: CartLine, _ session: Int, _ connection: any ShopConnection, _ scope: RequestScope
  ) throws {
    guard try connection.hasRow(.hasProduct, [.integer(line.product)], scope) else {
      throw RequestError.unknown("product \(line.product)")
    }
    try connection.run(
      .putLine, [.integer(session), .integer(line.product), .integer(line.quantity)], scope)
  }

  func cart(of session: Int, _ scope: RequestScope) throws -> [CartLine] {
    try read(scope) { connection in
      try expect(session, connection, scope)
      var lines: [CartLine] = []
      try connection.rows(.cart, [.integer(session)], scope) {
        lines.append(CartLine(product: $0.integer(0), quantity: $0.integer(1)))
      }
      return lines
    }
  }

  private func expect(
    _ session: Int, _ connection: any ShopConnection, _ scope: RequestScope
  ) throws {
    guard try connection.hasRow(.hasSession, [.integer(session)], scope) else {
      throw RequestError.unknownSession
    }
  }
}
