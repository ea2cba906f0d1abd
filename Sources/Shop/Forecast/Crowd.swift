import Platform
import Systems

/// The visitors of a forecast: the same ones, with their sessions and carts, while the Shop's demands
/// are measured and while it is loaded. Others would ask for something else: a visitor who has just
/// come opens a session first.
final class Crowd {
  /// What they did for some time.
  struct Visit {
    let load: LoadResult
    /// Processor seconds that the Shop used meanwhile.
    let cpu: Double
    /// Seconds that it took.
    let seconds: Double

    /// Processor seconds of a request, the mean.
    var cpuEach: Double { cpu / Double(max(1, load.answered)) }
  }

  let shop: ObservedShop
  private let exchange: Exchange
  private let visitors: Visitors
  private let count: Int

  /// - Parameter count: of visitors, each with a connection.
  /// - Throws: `LoadError`.
  init(_ count: Int, at shop: ObservedShop, _ mix: SessionMix, _ data: DataSize) throws {
    self.shop = shop
    self.count = count
    let wire = ShopWire()
    exchange = try Exchange([.init(shop.endpoint, connections: count)], wire: wire)
    visitors = Visitors(mix, count: count, data: data, wire: wire, seed: 1)
  }

  /// Has them come and shop until they do what regular customers do.
  func settle() throws {
    var asked = 0
    while asked < Self.steps * count {
      let visit = try visit(places: Self.places, seconds: 0.2)
      guard visit.load.answered > 0 else { throw LoadError.unanswered(visit.load.asked) }
      asked += visit.load.answered
    }
  }

  /// Has the recommendations of all products asked for that a Shop keeps: while they are computed for
  /// the first time, requests demand less from second to second.
  static func fillCache(_ shop: ObservedShop, _ data: DataSize) throws {
    let count = min(data.products, Recommendations.keptProducts)
    let paths = PathsProtocol((1...count).map { "/products/\($0)/recommendations" })
    let exchange = try Exchange([.init(shop.endpoint, connections: 1)], wire: paths)
    let load = try ClosedLoop(users: 1, seconds: 600, most: count, seed: 1).run(on: exchange)
    guard load.answered == count else { throw LoadError.unanswered(load.asked) }
  }

  /// Steps after which most visitors have a session, a cart and an order: of a hundred steps of the
  /// mix, two buy.
  private static let steps = 40
  /// Visitors at a time who keep a Shop busy.
  static let places = 32

  /// They ask by turns.
  /// - Parameters:
  ///   - places: requests that are under way at a time.
  ///   - pause: nanoseconds between a response and the next request in its place.
  func visit(
    places: Int, pause: Durations = .constant(0), seconds: Double
  ) throws -> Visit {
    try observed {
      try visitors.playByTurns(
        on: exchange, places: min(places, count), pause: pause, seconds: seconds)
    }
  }

  /// Their requests are due when the schedule says.
  func visit(_ arrivals: Arrivals) throws -> Visit {
    try observed { try visitors.play(on: exchange, arrivals) }
  }

  private func observed(_ play: () throws -> LoadResult) throws -> Visit {
    try Interrupted.check()
    let (start, before) = (Clock.now(), shop.processorTime)
    let load = try play()
    let used = shop.processorTime - before
    return Visit(
      load: load, cpu: Double(used) / 1e9, seconds: Double(Clock.now() - start) / 1e9)
  }
}

/// Somebody wants the measurement to end (`Interrupt`).
struct Interrupted: Error {
  static func check() throws {
    if Interrupt.isCaught { throw Interrupted() }
  }
}
