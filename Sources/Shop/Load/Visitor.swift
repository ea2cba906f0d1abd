import Statistics

/// One visitor: what the next request is, and what was learnt from the last response.
struct Visitor {
  private enum Expecting {
    case nothing, session, order
  }

  private let mix: SessionMix
  private let totalWeight: Double
  private let products: Int
  private let firstMissing: Int
  private let searches = SeededData.words
  private var random: SeededGenerator
  private var session = ""
  private var isCartFull = false
  private var checkouts = 0
  private var lastOrder = 0
  private var expecting = Expecting.nothing

  init(_ mix: SessionMix, _ data: DataSize, seed: UInt64, number: Int, popular: Int? = nil) {
    self.mix = mix
    totalWeight = mix.shares.reduce(0) { $0 + $1.weight }
    products = min(data.products, popular ?? .max)
    firstMissing = data.products + 1
    random = SeededGenerator(seed: seed, stream: UInt64(number))
  }

  /// Nanoseconds until the next step.
  mutating func pause() -> UInt64 { mix.thinking.draw(&random) }

  /// Appends the bytes of the next request.
  /// - Returns: what it does; nil where it opens a session.
  @discardableResult
  mutating func next(into bytes: inout [UInt8]) -> SessionMix.Step? {
    expecting = .nothing
    let step = step()
    switch step {
    case .product
    where mix.deadLinks > 0 && Double.random(in: 0..<1, using: &random) < mix.deadLinks:
      get("/products/\(firstMissing)", into: &bytes)
    case .product: get("/products/\(product())", into: &bytes)
    case .search:
      get(
        "/search?q=\(searches[Int.random(in: 0..<searches.count, using: &random)])",
        into: &bytes)
    case .recommendations: get("/products/\(product())/recommendations", into: &bytes)
    case .image: get("/images/\(product() % DataSize.images)", into: &bytes)
    case .addToCart where session.isEmpty:
      expecting = .session
      post("/sessions", into: &bytes)
      return nil
    case .addToCart:
      isCartFull = true
      post("/cart", body: "{\"product\":\(product()),\"quantity\":1}", into: &bytes)
    case .cart: get("/cart", into: &bytes)
    case .checkout:
      expecting = .order
      checkouts += 1
      post("/checkout", key: "\(session)-\(checkouts)", into: &bytes)
    case .order: get("/orders/\(lastOrder)", into: &bytes)
    }
    return step
  }

  /// Learns from a response.
  /// - Returns: the order that it assures, if it does.
  mutating func receive(_ status: Int, _ body: UnsafeRawBufferPointer) -> Int? {
    defer { expecting = .nothing }
    guard status < 400 else { return nil }
    switch expecting {
    case .nothing: return nil
    case .session:
      session = field("session", in: body)
      return nil
    case .order:
      isCartFull = false
      lastOrder = Int(field("order", in: body)) ?? 0
      return lastOrder
    }
  }

  /// Steps that make no sense yet become the one that must come first.
  private mutating func step() -> SessionMix.Step {
    var rest = Double.random(in: 0..<totalWeight, using: &random)
    let drawn = mix.shares.first { share in
      rest -= share.weight
      return rest < 0
    }
    switch drawn?.step ?? .product {
    case .cart where session.isEmpty || !isCartFull: return .addToCart
    case .checkout where session.isEmpty || !isCartFull: return .addToCart
    case .order where lastOrder == 0: return isCartFull ? .checkout : .addToCart
    case let step: return step
    }
  }

  /// Popular ones more often, as in the orders of the past.
  private mutating func product() -> Int {
    let share = Double.random(in: 0..<1, using: &random)
    return 1 + Int(share * share * Double(products))
  }

  private func get(_ path: String, into bytes: inout [UInt8]) {
    bytes += ShopAsk("GET", path, session: session).bytes
  }

  private func post(
    _ path: String, body: String = "", key: String? = nil, into bytes: inout [UInt8]
  ) {
    bytes += ShopAsk("POST", path, session: session, key: key, body: body).bytes
  }

  private func field(_ name: String, in body: UnsafeRawBufferPointer) -> String {
    ShopReply.value(of: name, in: String(decoding: body, as: UTF8.self))
  }
}
