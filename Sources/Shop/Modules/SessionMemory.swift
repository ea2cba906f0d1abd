import Synchronization

/// Sessions and their carts outside the database.
protocol SessionStore: Sendable {
  /// Opens a session; one that is open stays as it is.
  func open(_ session: Int) throws
  /// Sets the quantity of a product.
  /// - Throws: `RequestError` 401 where there is no such session.
  func put(_ line: CartLine, inCartOf session: Int) throws
  /// In the order of the products.
  /// - Throws: `RequestError` 401 where there is no such session.
  func lines(of session: Int) throws -> [CartLine]
  /// The session stays open.
  func empty(_ session: Int) throws
}

/// Sessions and their carts in the memory of one process: fast, and gone with it.
final class SessionMemory: SessionStore {
  /// Quantities by product, by session.
  private let carts = Mutex<[Int: [Int: Int]]>([:])

  func open(_ session: Int) { carts.withLock { if $0[session] == nil { $0[session] = [:] } } }

  func put(_ line: CartLine, inCartOf session: Int) throws {
    try carts.withLock { carts in
      guard carts[session] != nil else { throw RequestError.unknownSession }
      carts[session]?[line.product] = line.quantity
    }
  }

  func lines(of session: Int) throws -> [CartLine] {
    guard let cart = carts.withLock({ $0[session] }) else { throw RequestError.unknownSession }
    return cart.sorted { $0.key < $1.key }.map { CartLine(product: $0.key, quantity: $0.value) }
  }

  func empty(_ session: Int) { carts.withLock { $0[session] = [:] } }
}

extension RequestError {
  static let unknownSession = RequestError(
    401, "the session is unknown; POST /sessions opens one")
}
