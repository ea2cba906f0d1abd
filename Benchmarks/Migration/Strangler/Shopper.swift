import Databases
import Drills
import Shop

/// A customer of the strangler's Shop, and what that customer was assured of.
struct Shopper {
  /// What is done in turn: three requests of seven are about a cart.
  enum Task {
    case open, add, product, cart, buy, order

    var reads: Bool { self == .product || self == .cart || self == .order }
  }

  private static let round: [Task] = [.add, .product, .add, .cart, .buy, .order, .product]

  private(set) var session: Int?
  /// Acknowledged quantities by product.
  private(set) var lines: [Int: Int] = [:]
  /// The order that is being bought, which is asked for again until there is a response.
  private(set) var number: Int?
  private var place = 0
  private var lastOrder: Int?
  private var added = 0
  private var product: Int

  init(number: Int) {
    product = 1 + number * 37 % 1_000
    place = number % Self.round.count
  }

  /// Leaves, and comes back as somebody else.
  mutating func leave() { (session, lines, number) = (nil, [:], nil) }

  /// What is done next.
  var task: Task {
    if session == nil { return .open }
    switch Self.round[place] {
    case .buy where lines.isEmpty && number == nil: return .add
    case .order where lastOrder == nil: return .product
    case let task: return task
    }
  }

  /// Appends the bytes of the next request.
  /// - Parameter next: the number of a new order.
  mutating func write(_ task: Task, into bytes: inout [UInt8], next: () -> Int) {
    switch task {
    case .open: put("POST", "/sessions", into: &bytes)
    case .add:
      product = 1 + (product + 388) % 1_000
      added = product
      put("POST", "/cart", body: "{\"product\":\(product),\"quantity\":1}", into: &bytes)
    case .product: put("GET", "/products/\(product)", into: &bytes)
    case .cart: put("GET", "/cart", into: &bytes)
    case .buy:
      let number = number ?? next()
      self.number = number
      put("POST", "/checkout", key: "order-\(number)", into: &bytes)
    case .order: put("GET", "/orders/\(lastOrder ?? 0)", into: &bytes)
    }
  }

  private func put(
    _ method: String, _ path: String, body: String = "", key: String? = nil,
    into bytes: inout [UInt8]
  ) {
    let session = session.map { String($0, radix: 16) } ?? ""
    bytes += ShopAsk(method, path, session: session, key: key, body: body).bytes
  }

  /// What a response of success says.
  /// - Returns: whether it is right.
  mutating func succeed(_ task: Task, _ body: String) -> Bool {
    defer { if task != .open { place = (place + 1) % Self.round.count } }
    switch task {
    case .open:
      session = Int(ShopReply.value(of: "session", in: body), radix: 16)
      lines = [:]
      return session != nil
    case .add:
      lines[added] = 1
      return true
    case .product: return ShopReply.value(of: "id", in: body) == "\(product)"
    case .cart:
      return body.split(separator: "\"quantity\":").count - 1 == lines.count
        && lines.keys.allSatisfy { body.contains("\"id\":\($0),") }
    case .buy:
      lastOrder = Int(ShopReply.value(of: "order", in: body))
      (lines, number) = ([:], nil)
      return true
    case .order: return ShopReply.value(of: "state", in: body) == "paid"
    }
  }

  /// A response of failure.
  mutating func fail(_ task: Task, status: Int) {
    // An unknown session logs in again; so does who does not know what is in the cart.
    if status == 401 || status >= 500 && task == .add { leave() }
    // An order that another process has left halfway can't be bought with the same number.
    if status == 409 { leave() }
    if status == 402 { number = nil }
    if task != .buy || status < 500 { place = (place + 1) % Self.round.count }
  }

  /// What a cart contributes to the digest of an order.
  static func sum(_ lines: [Int: Int]) -> Int { lines.reduce(0) { $0 + $1.key * 1_000 + $1.value } }
}
