import NIOCore
import Systems

/// What all connections of a facade share. For its event loop alone.
final class FacadeCore {
  /// A request that waits until it is let through.
  private struct Held {
    let subject: FacadeRoutes.Subject
    let proceed: () -> Void
  }

  /// For requests under way when a fence is closed.
  private static let patience = TimeAmount.seconds(5)

  let loop: any EventLoop
  var routes: FacadeRoutes
  /// Services that cannot be reached.
  var cuts: Set<ShopService> = []
  private var fence: FacadeFence?
  private var rejects = false
  private var held: [Held] = []
  private var underWay = 0
  private var isQuiet: EventLoopPromise<Void>?
  private var turn = 0
  private var counts: [ShopService: Int] = [:]
  private var clients: [ObjectIdentifier: FacadeConnection] = [:]

  init(_ routes: FacadeRoutes, _ loop: any EventLoop) {
    self.routes = routes
    self.loop = loop
  }

  func add(_ client: FacadeConnection) { clients[ObjectIdentifier(client)] = client }
  func remove(_ client: FacadeConnection) { clients[ObjectIdentifier(client)] = nil }

  /// Has a request go on: now, when it is let through, or not at all.
  /// - Parameter proceed: gets the service; nil where the request is turned away.
  func admit(_ subject: FacadeRoutes.Subject, _ proceed: @escaping (ShopService?) -> Void) {
    if let fence, fence.holds(subject) {
      guard !rejects else { return proceed(nil) }
      return held.append(Held(subject: subject) { self.pass(subject, proceed) })
    }
    pass(subject, proceed)
  }

  private func pass(_ subject: FacadeRoutes.Subject, _ proceed: (ShopService?) -> Void) {
    turn += 1
    let service = routes.service(for: subject, turn: turn)
    counts[service, default: 0] += 1
    proceed(service)
  }

  /// Requests of clients that are being answered.
  private func count(_ fence: FacadeFence) -> Int {
    clients.values.count { $0.subject.map(fence.holds) ?? false }
  }

  func hold(_ fence: FacadeFence) -> EventLoopFuture<Void> { close(fence, rejects: false) }
  func turnAway(_ fence: FacadeFence) -> EventLoopFuture<Void> { close(fence, rejects: true) }

  private func close(_ fence: FacadeFence, rejects: Bool) -> EventLoopFuture<Void> {
    precondition(self.fence == nil, "one fence at a time")
    (self.fence, self.rejects) = (fence, rejects)
    let promise = loop.makePromise(of: Void.self)
    isQuiet = promise
    let limit = loop.assumeIsolated().scheduleTask(in: Self.patience) {
      self.isQuiet = nil
      let underWay = self.count(fence)
      self.release()
      promise.fail(StillUnderWay(requests: underWay))
    }
    promise.futureResult.whenComplete { _ in limit.cancel() }
    requestEnded()
    return promise.futureResult
  }

  /// A fence was lifted again, since what was under way did not end.
  struct StillUnderWay: Error, CustomStringConvertible {
    let requests: Int
    var description: String {
      "\(requests) requests are still under way after five seconds"
    }
  }

  /// A request has its response, or will have none.
  func requestEnded() {
    guard let fence, isQuiet != nil, count(fence) == 0 else { return }
    isQuiet?.succeed()
    isQuiet = nil
  }

  func release() {
    (fence, rejects) = (nil, false)
    let waiting = held
    held = []
    for request in waiting { request.proceed() }
  }

  func cut(_ service: ShopService) {
    cuts.insert(service)
    for client in clients.values { client.lose(service) }
  }

  func takeCounts() -> [ShopService: Int] {
    defer { counts = [:] }
    return counts
  }

  func closeClients(at ports: Set<Int>) {
    for client in clients.values where client.port.map(ports.contains) ?? false { client.close() }
  }

  func closeAll() { for client in clients.values { client.close() } }
}
