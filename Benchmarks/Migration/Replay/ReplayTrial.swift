import Databases
import Harness
import Platform
import Results
import Shop
import Systems

/// Sessions, played to the healthy Shop and to each release with a regression.
final class ReplayTrial {
  private(set) var report: [String: Counter] = [:]
  private let played: Played
  private let sessions: Int

  /// What came back: from the healthy Shop, in every third process once more, and from each release
  /// up to the session that found its regression.
  private struct Played: Sendable {
    let healthy: [ReplayedVisit]
    let again: [ReplayedVisit]?
    let releases: [[ReplayedVisit]]
  }

  private static let known = OncePerProcess<Played>()

  /// Plays them where this process has not.
  /// - Parameter traffic: of what kind the sessions are.
  init(_ point: Point, _ traffic: String, _ scripts: [VisitScript]) throws {
    sessions = scripts.count
    played = try Self.known("\(traffic) \(point.value) \(point.seed)") {
      let cpu = point.cpus.last!
      let healthy = try Self.visits(scripts, to: nil, cpu: cpu)
      return Played(
        healthy: healthy,
        again: point.turn % 3 == 0 ? try Self.visits(scripts, to: nil, cpu: cpu) : nil,
        releases: try made(of: Regression.all, atOnce: 2) {
          try Self.visits(scripts, to: $0.sql, cpu: cpu, untilUnlike: healthy)
        })
    }
  }

  /// One round alone is too short for a call.
  private static let rounds = 32

  /// - Returns: how many regressions there are, which is the same for all kinds of traffic.
  func judged() -> Int {
    var found = 0
    for _ in 0..<Self.rounds {
      found = played.releases.count { Self.differences($0, played.healthy) > 0 }
    }
    let all = Regression.all.count
    report = [
      "regressions missed": .share(Double(all - found) / Double(all)),
      "regressions missed of ten": .count(Double(all - found)),
      "sessions": .count(Double(sessions)),
    ]
    if let again = played.again {
      report["differences between two healthy Shops"] = .count(
        Double(Self.differences(again, played.healthy)))
    }
    return all
  }

  private static func differences(
    _ visits: [ReplayedVisit], _ healthy: some Sequence<ReplayedVisit>
  ) -> Int {
    zip(visits, healthy).count { $0.differs(from: $1) }
  }

  /// - Parameter healthy: what must come back; it ends after the first session that differs.
  private static func visits(
    _ scripts: [VisitScript], to sql: String?, cpu: Int, untilUnlike healthy: [ReplayedVisit] = []
  ) throws -> [ReplayedVisit] {
    let folder = try ShopFolders.own()
    if let sql {
      let database = try SQLiteDatabase(
        .file(folder.file("shop.db")), SQLiteSettings(journal: .wal, synchronous: .off))
      try database.execute(sql)
    }
    var settings = ShopSettings(folder: folder.path)
    settings.cpus = [cpu]
    (settings.isDurable, settings.cancelsUnpaidOrders) = (false, false)
    (settings.idleSeconds, settings.workers, settings.readers) = (0, 1, 1)
    let shop = try Shop(settings)
    let visits = Result {
      let player = try ReplayPlayer(shop.endpoint)
      var visits: [ReplayedVisit] = []
      for script in scripts {
        let (first, session) = (visits.count, try player.play(script))
        visits += session
        if differences(session, healthy.dropFirst(first)) > 0 { break }
      }
      return visits
    }
    shop.stop()
    return try visits.get()
  }
}

/// A response without what is random in it, and how long it took.
struct ReplayedVisit: Sendable {
  let status: Int
  let body: String
  /// Nanoseconds of a page, the shorter of two tries where it took long; 0 of all other steps.
  let time: UInt64

  /// What a page may take longer than before.
  static let borne: UInt64 = 5_000_000

  func differs(from other: ReplayedVisit) -> Bool {
    status != other.status || body != other.body || time > other.time + Self.borne
  }
}

/// Sends the steps of sessions, one after the other.
final class ReplayPlayer {
  private let socket: Socket
  private var session = ""
  private var (order, next, checkouts) = ("0", "0", 0)

  init(_ endpoint: Endpoint) throws {
    socket = try Socket.connected(to: endpoint, options: [.noDelay(true)])
  }

  deinit { socket.end() }

  func play(_ script: VisitScript) throws -> [ReplayedVisit] {
    session = ""
    session = try reply(ShopAsk("POST", "/sessions")).value(of: "session")
    (order, next) = ("0", "0")
    return try script.steps.map { try visit($0) }
  }

  private func visit(_ step: VisitStep) throws -> ReplayedVisit {
    let ask = ask(step)
    let start = Clock.now()
    let found = try reply(ask)
    var time: UInt64 = 0
    if case .product = step { time = Clock.now() - start }
    if time > ReplayedVisit.borne {
      // Whether it was the machine that hesitated.
      let again = Clock.now()
      _ = try reply(ask)
      time = min(time, Clock.now() - again)
    }
    if case .search = step { next = found.value(of: "after") }
    if step == .checkout, found.status == 201 { order = found.value(of: "order") }
    let body = found.body.replacing(session, with: "SESSION")
      .replacing("\"order\":\(order),", with: "\"order\":ORDER,")
    return ReplayedVisit(status: found.status, body: body, time: time)
  }

  private func ask(_ step: VisitStep) -> ShopAsk {
    switch step {
    case .product(let id): get("/products/\(id)")
    case .search(let word): get("/search?q=\(word)")
    case .nextPage(let word): get("/search?q=\(word)&after=\(next)")
    case .recommendations(let id): get("/products/\(id)/recommendations")
    case .cart: get("/cart")
    case .order: get("/orders/\(order)")
    case .add(let product, let pieces):
      ShopAsk(
        "POST", "/cart", session: session,
        body: "{\"product\":\(product),\"quantity\":\(pieces)}")
    case .checkout: checkout(1)
    case .checkoutAgain: checkout(0)
    }
  }

  private func get(_ path: String) -> ShopAsk { ShopAsk("GET", path, session: session) }

  private func checkout(_ further: Int) -> ShopAsk {
    checkouts += further
    return ShopAsk("POST", "/checkout", session: session, key: "\(session)-\(checkouts)")
  }

  private func reply(_ ask: ShopAsk) throws -> ShopReply { try ShopReply(to: ask, on: socket) }
}
