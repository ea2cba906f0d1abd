import NIOCore
import Platform
import Synchronization

/// The modules, and what becomes of a request. Called by workers, several at once.
final class Application: Sendable {
  let storage: DatabaseStorage
  let catalogue: Catalogue
  let recommendations: Recommendations
  let carts: Carts
  let payments: Payments
  let checkout: Checkout
  let images: Images
  /// Where orders are placed in place of here; nil for here.
  let orders: RemoteOrders?
  let metrics = Metrics()
  let settings: ShopSettings
  let demands: DemandLog?
  /// The other service that a product page waits for.
  let carrier: Delay
  private let log: AccessLog?
  private let traces: TraceFile?
  private let retained = Mutex<[[UInt8]]>([])
  /// Gauges of the server around it.
  private let moments = Mutex<(@Sendable () -> [Gauge])?>(nil)

  /// - Throws: `ShopRefused`.
  init(_ settings: ShopSettings) throws(ShopRefused) {
    self.settings = settings
    storage = try DatabaseStorage(settings)
    carrier = Delay(settings.deliveryTime)
    if settings.cancelsUnpaidOrders {
      do { try storage.cancelUnpaidOrders() } catch { throw .database("\(error)") }
    }
    catalogue = Catalogue(storage, settings)
    recommendations = Recommendations(storage, catalogue, settings)
    carts = Carts(storage, catalogue, settings)
    payments = Payments(settings)
    checkout = Checkout(storage, payments, settings)
    images = try Images(settings)
    orders = settings.ordersPort.map { RemoteOrders(.loopback(port: $0)) }
    demands = settings.demands
    let isSynchronous = settings.has(.synchronousLog)
    // A log that nobody asked for has no sickness either.
    log = try settings.accessLog.map { path throws(ShopRefused) in
      AccessLog(try LineFile(path, isSynchronous: isSynchronous))
    }
    traces = try settings.traces.map { path throws(ShopRefused) in
      TraceFile(try LineFile(path, isSynchronous: false))
    }
  }

  func showGauges(_ gauges: @escaping @Sendable () -> [Gauge]) {
    moments.withLock { $0 = gauges }
  }

  /// Serves a request, whatever it is.
  func respond(to request: ShopRequest) -> ShopResponse {
    let begin = demands?.begin()
    let scope = RequestScope(isTraced: traces != nil)
    var route = Route.unknown
    var response: ShopResponse
    do {
      let target = try Target(request.method, request.uri)
      route = target.route
      response = try scope.span("handler") { try serve(target, request, scope) }
    } catch let error as RequestError {
      response = ShopResponse(error)
    } catch {
      // Of the database, such as a full disk.
      response = ShopResponse(RequestError(500, "\(error)"))
    }
    storage.release(scope)
    finish(request, route, response, scope)
    if let begin {
      demands?.add(route, since: begin, queued: UInt64(scope.counts[.poolWaitNanoseconds]))
    }
    return response
  }

  /// The response to a request that finds the queue full.
  func reject(_ request: ShopRequest) -> ShopResponse {
    let response = ShopResponse(RequestError.unavailable("too many requests wait"))
    let scope = RequestScope(isTraced: false)
    scope.count(.rejectedRequests)
    finish(request, .unknown, response, scope)
    return response
  }

  /// Writes what is buffered, and ends what hangs.
  func close() {
    payments.provider.close()
    log?.file.flush()
    traces?.file.flush()
  }

  private func finish(
    _ request: ShopRequest, _ route: Route, _ response: ShopResponse, _ scope: RequestScope
  ) {
    let end = Clock.now()
    let bytes = response.body.count
    scope.count(.bodyBytes, bytes)
    if settings.has(.memoryLeak) {
      let left = [UInt8](repeating: 1, count: 4_096)
      scope.count(.retainedBytes, left.count)
      retained.withLock { $0.append(left) }
    }
    if let log {
      scope.count(
        .logFlushes,
        log.line(
          for: request, status: response.status, bytes: bytes,
          nanoseconds: end &- request.arrival))
    }
    traces?.record(
      route, uri: request.uri, status: response.status, arrival: request.arrival, end: end,
      scope.spans)
    metrics.served(
      route, status: response.status, nanoseconds: end &- request.arrival, scope.counts)
  }

  var gauges: [Gauge] {
    storage.gauges + [
      Gauge(
        name: "shop_payments_most_at_once", help: "Payments that were under way at once at most",
        value: payments.provider.mostUnderWay)
    ] + (moments.withLock { $0 }?() ?? [])
  }
}
