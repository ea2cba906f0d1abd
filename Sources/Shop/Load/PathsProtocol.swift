import Systems

/// Given requests, in turn: request n gets the n-th, from the beginning again
/// after the last.
public struct PathsProtocol: WireProtocol {
  private let requests: [[UInt8]]

  /// Requests that differ.
  public var count: Int { requests.count }

  /// GET requests for addresses.
  /// - Parameter paths: `/products/1`; at least one.
  public init(_ paths: [String]) {
    precondition(!paths.isEmpty, "there is nothing to ask for")
    requests = paths.map { ShopAsk("GET", $0).bytes }
  }

  /// Requests that put a piece of a product into a cart, one cart after the other.
  /// - Parameter sessions: whose carts these are, as `Shop.openSession` returns them; at least one.
  public init(cartsOf sessions: [String], product: Int = 17) {
    precondition(!sessions.isEmpty, "there is no cart")
    let body = "{\"product\":\(product),\"quantity\":1}"
    requests = sessions.map { ShopAsk("POST", "/cart", session: $0, body: body).bytes }
  }

  /// Requests that buy what is in carts, each once; the n-th has the idempotency key `order-n`.
  /// - Parameter sessions: whose carts these are; at least one.
  public init(checkoutsOf sessions: [String]) {
    precondition(!sessions.isEmpty, "there is no cart")
    requests = sessions.enumerated().map { number, session in
      ShopAsk("POST", "/checkout", session: session, key: Self.key(of: number)).bytes
    }
  }

  /// The idempotency key of the n-th checkout.
  public static func key(of number: Int) -> String { "order-\(number)" }

  /// See `WireProtocol`.
  public func encode(_ request: Request, into bytes: inout [UInt8]) {
    bytes.append(contentsOf: requests[Int(request.id % UInt64(requests.count))])
  }

  /// See `WireProtocol`. The digest is that of the body.
  public func scan(_ bytes: UnsafeRawBufferPointer, for request: Request) -> AnswerScan {
    switch ResponseScan.scan(bytes) {
    case .partial: return .partial
    case .garbage(let what): return .garbage(what)
    case .whole(let found):
      let body = UnsafeRawBufferPointer(rebasing: bytes[found.body])
      return .whole(
        Answer(
          found.status < 400 ? .succeeded : .failed, digest: Answer.digest(ofBytes: body),
          isLast: found.isLast),
        bytes: found.body.upperBound)
    }
  }
}
