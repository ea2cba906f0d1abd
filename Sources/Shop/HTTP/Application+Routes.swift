import NIOCore

extension Application {
  private static let relatedProducts = 30

  func serve(
    _ target: Target, _ request: ShopRequest, _ scope: RequestScope
  ) throws -> ShopResponse {
    switch target.route {
    case .product: try product(target.id, scope)
    case .search: try search(target, scope)
    case .recommendations: try recommend(target.id, scope)
    case .openSession: try openSession(request, scope)
    case .cart: try cart(request.session(), scope)
    case .addToCart: try addToCart(request, scope)
    case .checkout: try buy(request, scope)
    case .placeOrder: try placeOrder(request, scope)
    case .order: try order(target.id, scope)
    case .image:
      ShopResponse(type: "application/octet-stream", try images.body(of: target.id))
    case .health:
      ShopResponse(type: "text/plain", .bytes(ByteBuffer(staticString: "ok\n")))
    case .metrics:
      ShopResponse(
        type: "application/openmetrics-text; version=1.0.0; charset=utf-8",
        .bytes(ByteBuffer(string: metrics.text(gauges: gauges))))
    case .unknown: throw RequestError.unknown("such address")
    }
  }

  private func product(_ id: Int, _ scope: RequestScope) throws -> ShopResponse {
    let product = try catalogue.product(id, scope)
    carrier.wait()
    var json = JSONText()
    try json.object { json in
      Self.write(product, &json)
      guard settings.has(.oversizedResponses) else { return }
      try json.array("related") { json in
        for other in 1...Self.relatedProducts {
          let related = try catalogue.details(of: 1 + (id + other) % 1_000, scope)
          json.object { Self.write(related, &$0) }
        }
      }
    }
    return ShopResponse(json)
  }

  private func search(_ target: Target, _ scope: RequestScope) throws -> ShopResponse {
    guard let word = target.parameter("q"), !word.isEmpty else {
      throw RequestError.bad("a search needs a word: /search?q=lamp")
    }
    guard let after = Int(target.parameter("after") ?? "0"), after >= 0 else {
      throw RequestError.bad("'after' must be the number of a product")
    }
    let found = try catalogue.search(word.lowercased(), after: after, scope)
    var json = JSONText(capacity: 2_048)
    json.object { json in
      json.array("products") { json in
        for summary in found { json.object { Self.write(summary, &$0) } }
      }
      if found.count == Catalogue.pageLength { json.field("after", found.last!.id) }
    }
    return ShopResponse(json)
  }

  private func recommend(_ id: Int, _ scope: RequestScope) throws -> ShopResponse {
    let products = try recommendations.products(for: id, scope)
    var json = JSONText()
    json.object { json in
      json.array("products") { json in
        for summary in products { json.object { Self.write(summary, &$0) } }
      }
    }
    return ShopResponse(json)
  }

  /// A caller that decides by the number where a session lives brings the number.
  private func openSession(_ request: ShopRequest, _ scope: RequestScope) throws -> ShopResponse {
    let session = request.hasSession ? try request.session() : Carts.newSession()
    try carts.open(session, scope)
    var json = JSONText()
    json.object { $0.field("session", String(session, radix: 16)) }
    return ShopResponse(status: 201, json)
  }

  private func cart(_ session: Int, _ scope: RequestScope) throws -> ShopResponse {
    let lines = try carts.lines(of: session, scope)
    var json = JSONText()
    json.object { json in
      json.array("lines") { json in
        for line in lines {
          json.object { json in
            Self.write(line.summary, &json)
            json.field("quantity", line.quantity)
          }
        }
      }
      json.field("total", lines.reduce(0) { $0 + $1.quantity * $1.summary.price })
    }
    return ShopResponse(json)
  }

  private func addToCart(_ request: ShopRequest, _ scope: RequestScope) throws -> ShopResponse {
    let session = try request.session()
    guard let line = request.decoded(CartLine.self) else {
      throw RequestError.bad("the body must be JSON: {\"product\": 1, \"quantity\": 1}")
    }
    try carts.put(line, inCartOf: session, scope)
    var json = JSONText()
    json.object { json in
      json.field("product", line.product)
      json.field("quantity", line.quantity)
    }
    return ShopResponse(json)
  }

  /// Of whoever asks: the Shop has no accounts, and the id is what the buyer got.
  private func order(_ id: Int, _ scope: RequestScope) throws -> ShopResponse {
    ShopResponse(
      Self.json(try scope.function("Orders.order") { try storage.order(id, scope) }))
  }

  static func json(_ order: Order) -> JSONText {
    var json = JSONText()
    json.object { json in
      json.field("order", order.id)
      json.field("state", order.state.rawValue)
      json.field("total", order.total)
      json.array("lines") { json in
        for line in order.lines {
          json.object { json in
            json.field("product", line.product)
            json.field("quantity", line.quantity)
            json.field("price", line.price)
          }
        }
      }
    }
    return json
  }

  private static func write(_ product: Product, _ json: inout JSONText) {
    json.field("id", product.id)
    json.field("name", product.name)
    json.field("price", product.price)
    json.field("stock", product.stock)
    json.field("image", "/images/\(product.image)")
    json.field("description", product.description)
  }

  private static func write(_ summary: ProductSummary, _ json: inout JSONText) {
    json.field("id", summary.id)
    json.field("name", summary.name)
    json.field("price", summary.price)
  }
}
