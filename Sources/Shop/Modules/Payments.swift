import Synchronization
import Techniques

/// How the payment provider behaves.
public struct PaymentBehaviour: Sendable, Equatable {
  /// Nanoseconds that a payment takes.
  public var time: UInt64 = 0
  /// One call in so many fails; none where 0.
  public var oneFailureIn = 0
  /// Whether a call never returns by itself.
  public var hangs = false

  /// One that answers at once and never fails.
  public init() {}
}

/// A payment that was not made, and why.
enum PaymentFailure: Error, Equatable {
  case declined
  case timedOut
}

/// The Shop's stand-in for a payment provider: it takes its time, fails and hangs as it is set up.
final class PaymentProvider: Sendable {
  private struct State {
    var calls = 0
    var underWay = 0
    var mostUnderWay = 0
    var isClosed = false
  }

  private let behaviour: PaymentBehaviour
  private let state = Monitor(State())

  init(_ behaviour: PaymentBehaviour) { self.behaviour = behaviour }

  /// Calls that were under way at once at most.
  var mostUnderWay: Int { state.with(\.mostUnderWay) }

  /// Pays.
  /// - Parameter patience: nanoseconds to wait at most; nil for as long as it takes.
  /// - Returns: the provider's reference.
  func pay(_ order: Order, within patience: UInt64?) throws(PaymentFailure) -> String {
    let call = state.with { state in
      state.calls += 1
      state.underWay += 1
      state.mostUnderWay = max(state.mostUnderWay, state.underWay)
      return state.calls
    }
    defer { state.with { $0.underWay -= 1 } }
    if behaviour.hangs || behaviour.time > 0 {
      let time = behaviour.hangs ? patience : min(behaviour.time, patience ?? .max)
      let isClosed = state.wait(within: time) { $0.isClosed ? true : nil }
      let isLate = behaviour.hangs || behaviour.time > patience ?? .max
      if isClosed != nil || isLate { throw .timedOut }
    }
    if behaviour.oneFailureIn > 0, call % behaviour.oneFailureIn == 0 { throw .declined }
    return "payment-\(order.id)"
  }

  /// Ends all calls that hang.
  func close() { state.change { $0.isClosed = true } }
}

/// Pays orders: with a time-out, and with few retries.
final class Payments: Sendable {
  private static let patience: UInt64 = 500_000_000
  private static let tries = 3
  private static let triesWithoutBudget = 10

  let provider: PaymentProvider
  private let settings: ShopSettings
  private let budget = Mutex(RetryBudget(share: 0.1))

  init(_ settings: ShopSettings) {
    self.settings = settings
    var behaviour = settings.payments
    if settings.has(.slowDependency) { behaviour.hangs = true }
    if settings.has(.retryStorm) { behaviour.oneFailureIn = 1 }
    provider = PaymentProvider(behaviour)
  }

  /// - Returns: the provider's reference.
  /// - Throws: `PaymentFailure`.
  func pay(_ order: Order, _ scope: RequestScope) throws -> String {
    try scope.function("Payments.pay") { try payNow(order, scope) }
  }

  private func payNow(_ order: Order, _ scope: RequestScope) throws -> String {
    scope.count(.payments)
    budget.withLock { $0.request() }
    let patience = settings.has(.slowDependency) ? nil : Self.patience
    var attempt = 1
    while true {
      scope.count(.paymentAttempts)
      do {
        return try scope.span("payment") { try provider.pay(order, within: patience) }
      } catch let error as PaymentFailure {
        if error == .timedOut { scope.count(.paymentTimeouts) }
        // A provider that did not answer may have paid: only what was refused is tried again.
        guard error == .declined, mayRetry(after: attempt) else { throw error }
        attempt += 1
      }
    }
  }

  private func mayRetry(after attempt: Int) -> Bool {
    if settings.has(.retryStorm) { return attempt < Self.triesWithoutBudget }
    return attempt < Self.tries && budget.withLock { $0.takeRetry() }
  }
}
