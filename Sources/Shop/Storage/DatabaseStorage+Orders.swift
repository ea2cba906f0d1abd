extension DatabaseStorage {
  func reserve(
    _ session: Int, key: String, _ scope: RequestScope
  ) throws -> (order: Order, isNew: Bool) {
    try write(scope) { connection in
      if let order = try order(of: key, connection, scope) { return (order, false) }
      let lines = try cartLines(of: session, connection, scope)
      guard !lines.isEmpty else { throw RequestError.conflict("the cart is empty") }
      let total = lines.reduce(0) { $0 + $1.quantity * $1.price }
      // Before any stock is taken: who comes with the same key waits here for the outcome.
      let values: [ShopValue] = [.text(key), .integer(session), .integer(total)]
      guard let id = try connection.insert(.addOrder, values, scope) else {
        guard let order = try order(of: key, connection, scope) else {
          throw RequestError.unavailable("the order of this key is gone")
        }
        return (order, false)
      }
      // In the order of their ids.
      for line in lines {
        let changed = try connection.run(
          .takeStock, [.integer(line.quantity), .integer(line.product)], scope)
        guard changed == 1 else {
          throw RequestError.conflict("there is too little of product \(line.product) in stock")
        }
      }
      for line in lines {
        try connection.run(
          .addLine,
          [.integer(id), .integer(line.product), .integer(line.quantity), .integer(line.price)],
          scope)
      }
      let order = Order(id: id, session: session, state: .reserved, total: total, lines: lines)
      return (order, true)
    }
  }

  func confirm(_ order: Order, payment: String, _ scope: RequestScope) throws {
    try write(scope) { connection in
      guard try connection.run(.confirmOrder, [.integer(order.id)], scope) == 1 else {
        throw RequestError.unavailable("order \(order.id) was cancelled while it was being paid")
      }
      try connection.run(
        .addPayment, [.integer(order.id), .integer(order.total), .text(payment)], scope)
      try connection.run(.emptyCart, [.integer(order.session)], scope)
    }
  }

  func cancel(_ order: Order, _ scope: RequestScope) throws {
    try write(scope) { connection in
      guard try connection.run(.cancelOrder, [.integer(order.id)], scope) == 1 else { return }
      for line in order.lines {
        try connection.run(
          .giveStock, [.integer(line.quantity), .integer(line.product)], scope)
      }
    }
  }

  func order(_ id: Int, _ scope: RequestScope) throws -> Order {
    try read(scope) { try order(id, $0, scope) }
  }

  /// Cancels what a process that ended in the middle has left: without a payment there is no order.
  /// Only where no other process serves the same data.
  func cancelUnpaidOrders() throws {
    let scope = RequestScope(isTraced: false)
    defer { release(scope) }
    let orders = try read(scope) { connection in
      var ids: [Int] = []
      try connection.rows(.unpaidOrders, [], scope) { ids.append($0.integer(0)) }
      return try ids.map { try order($0, connection, scope) }
    }
    for order in orders { try cancel(order, scope) }
  }

  private func order(
    of key: String, _ connection: any ShopConnection, _ scope: RequestScope
  ) throws -> Order? {
    var id: Int?
    try connection.rows(.orderOfKey, [.text(key)], scope) { id = $0.integer(0) }
    return try id.map { try order($0, connection, scope) }
  }

  private func order(
    _ id: Int, _ connection: any ShopConnection, _ scope: RequestScope
  ) throws -> Order {
    var found: Order?
    try connection.rows(.order, [.integer(id)], scope) { row in
      found = Order(
        id: id, session: row.integer(0), state: Order.State(rawValue: row.text(1)) ?? .cancelled,
        total: row.integer(2))
    }
    guard var found else { throw RequestError.unknown("order \(id)") }
    try connection.rows(.lines, [.integer(id)], scope) { row in
      found.lines.append(
        Order.Line(product: row.integer(0), quantity: row.integer(1), price: row.integer(2)))
    }
    return found
  }

  private func cartLines(
    of session: Int, _ connection: any ShopConnection, _ scope: RequestScope
  ) throws -> [Order.Line] {
    var lines: [Order.Line] = []
    try connection.rows(.cartPrices, [.integer(session)], scope) { row in
      lines.append(
        Order.Line(product: row.integer(0), quantity: row.integer(1), price: row.integer(2)))
    }
    return lines
  }
}
