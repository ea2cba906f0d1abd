/// From a cart to a paid order: stock is taken, the order is paid, the payment is entered. The
/// database is not held while the provider takes its time.
final class Checkout: Sendable {
  private let storage: any Storage
  private let payments: Payments
  private let settings: ShopSettings
  private let everything = Monitor(())

  init(_ storage: any Storage, _ payments: Payments, _ settings: ShopSettings) {
    self.storage = storage
    self.payments = payments
    self.settings = settings
  }

  /// Buys what is in a cart. The same key is the same order, however often it comes.
  func buy(_ session: Int, key: String, _ scope: RequestScope) throws -> Order {
    try scope.function("Checkout.buy") {
      guard settings.has(.checkoutLock) else { return try buyNow(session, key: key, scope) }
      return try everything.with { _ in try buyNow(session, key: key, scope) }
    }
  }

  private func buyNow(_ session: Int, key: String, _ scope: RequestScope) throws -> Order {
    let (order, isNew) = try storage.reserve(session, key: key, scope)
    guard order.session == session else {
      throw RequestError.conflict("the key belongs to another session")
    }
    switch order.state {
    case .paid: return order
    case .cancelled: throw RequestError(402, "the order was not paid; buy with a new key")
    case .reserved:
      guard isNew else { throw RequestError.conflict("the order is being paid") }
      return try pay(order, scope)
    }
  }

  private func pay(_ order: Order, _ scope: RequestScope) throws -> Order {
    let reference: String
    do {
      reference = try payments.pay(order, scope)
    } catch let failure as PaymentFailure {
      try storage.cancel(order, scope)
      throw failure == .declined
        ? RequestError(402, "the payment was declined")
        : RequestError.unavailable("the payment provider did not answer in time")
    }
    try storage.confirm(order, payment: reference, scope)
    // Behind the commit: a process that was stopped before it must not acknowledge what another one
    // does not have.
    if settings.lease?.isHeld == false {
      throw RequestError.unavailable("another process serves orders")
    }
    return Order(
      id: order.id, session: order.session, state: .paid, total: order.total, lines: order.lines)
  }
}
