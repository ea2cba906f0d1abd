extension Application {
  private struct PlacedOrder: Decodable {
    let lines: [CartLine]
  }

  /// Buys a cart of this Shop: here, or where orders are placed.
  func buy(_ request: ShopRequest, _ scope: RequestScope) throws -> ShopResponse {
    let session = try request.session()
    let key = try request.idempotencyKey()
    guard let orders else {
      try carts.store(session, scope)
      let order = try checkout.buy(session, key: key, scope)
      try carts.forget(session)
      return ShopResponse(status: 201, Self.json(order))
    }
    let response = try orders.place(try carts.pieces(of: session, scope), session, key: key)
    // Where this process ends before, the same key finds the same order.
    if response.status < 400 { try carts.empty(session, scope) }
    return response
  }

  /// Buys a cart that is kept elsewhere and comes with the request.
  func placeOrder(_ request: ShopRequest, _ scope: RequestScope) throws -> ShopResponse {
    let session = try request.session()
    let key = try request.idempotencyKey()
    guard let placed = request.decoded(PlacedOrder.self) else {
      throw RequestError.bad(
        "the body must be JSON: {\"lines\": [{\"product\": 1, \"quantity\": 1}]}")
    }
    for line in placed.lines { try line.check() }
    try storage.replaceCart(of: session, by: placed.lines, scope)
    let order = try checkout.buy(session, key: key, scope)
    return ShopResponse(status: 201, Self.json(order))
  }
}
