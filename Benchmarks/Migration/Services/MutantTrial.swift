import Databases
import Harness
import Platform
import Results
import Shop
import Statistics
import Systems

/// A response without what is random in it.
struct RecordedVisit: Equatable {
  let status: Int
  let body: String
}

/// The same requests to the healthy Shop and to each mutant.
final class MutantTrial {
  private(set) var report: [String: Counter] = [:]
  private let healthy: [RecordedVisit]
  private let mutants: [[RecordedVisit]]

  /// Of the healthy Shop first.
  private static let played = OncePerProcess<[[RecordedVisit]]>()

  /// Plays the requests where this process has not.
  init(_ point: Point) throws {
    let visits = try Self.played("\(point.value) \(point.seed)") {
      try made(of: [nil] + Mutant.all, atOnce: 2) {
        try Self.visits(of: $0, point.value, seed: point.seed, cpu: point.cpus.last!)
      }
    }
    (healthy, mutants) = (visits[0], Array(visits.dropFirst()))
  }

  private static let rounds = 32

  /// - Parameter differs: whether a response gives a mutant away.
  /// - Returns: how many mutants there are, which is the same for all judges.
  func judged(by differs: (RecordedVisit, RecordedVisit) -> Bool) -> Int {
    var found = 0
    // One round alone is too short for a call.
    for _ in 0..<Self.rounds {
      found = mutants.count { visits in zip(visits, healthy).contains { differs($0, $1) } }
    }
    let all = Mutant.all.count
    report = [
      "regressions that get through": .share(Double(all - found) / Double(all)),
      "regressions found": .count(Double(found)),
    ]
    return all
  }

  private static func visits(
    of mutant: Mutant?, _ requests: Int, seed: UInt64, cpu: Int
  ) throws -> [RecordedVisit] {
    let folder = try ShopFolders.own()
    if let mutant {
      let database = try SQLiteDatabase(
        .file(folder.file("shop.db")), SQLiteSettings(journal: .wal, synchronous: .off))
      try database.execute(mutant.sql)
    }
    var settings = ShopSettings(folder: folder.path)
    settings.cpus = [cpu]
    (settings.isDurable, settings.cancelsUnpaidOrders) = (false, false)
    (settings.idleSeconds, settings.workers, settings.readers) = (0, 1, 1)
    let shop = try Shop(settings)
    let visits = Result { try VisitorScript(shop.endpoint, seed: seed).play(requests) }
    shop.stop()
    return try visits.get()
  }
}

/// One visitor after the other, of whom each request is known from the seed and the responses so far.
final class VisitorScript {
  private let socket: Socket
  private var random: SeededGenerator
  private var session = ""
  private var (order, checkouts) = (0, 0)

  init(_ endpoint: Endpoint, seed: UInt64) throws {
    socket = try Socket.connected(to: endpoint, options: [.noDelay(true)])
    random = SeededGenerator(seed: seed)
  }

  deinit { socket.end() }

  func play(_ count: Int) throws -> [RecordedVisit] {
    let opened = try ask("POST", "/sessions")
    session = ShopReply.value(of: "session", in: opened.body)
    try begin()
    return try (0..<count).map { _ in
      let visit = try next()
      if visit.status == 201, let number = Int(ShopReply.value(of: "order", in: visit.body)) {
        order = number
      }
      return RecordedVisit(
        status: visit.status, body: visit.body.replacing(session, with: "SESSION"))
    }
  }

  /// An order and a cart that is not empty, so that all that follows has something to show.
  private func begin() throws {
    for _ in 0..<2 { _ = try put() }
    checkouts += 1
    let bought = try ask("POST", "/checkout", key: "\(session)-\(checkouts)")
    order = Int(ShopReply.value(of: "order", in: bought.body)) ?? 0
    _ = try put()
  }

  private func put() throws -> RecordedVisit {
    try ask("POST", "/cart", body: "{\"product\":\(product()),\"quantity\":1}")
  }

  private func next() throws -> RecordedVisit {
    let shares = SessionMix.shopping.shares
    var rest = random.share() * shares.reduce(0) { $0 + $1.weight }
    let step = shares.first { share in
      rest -= share.weight
      return rest < 0
    }
    switch step?.step ?? .product {
    case .product: return try ask("GET", "/products/\(product())")
    case .search:
      let words = ["lamp", "mirror", "oven", "table", "kite", "amber", "glove", "vase"]
      return try ask("GET", "/search?q=\(words.randomElement(using: &random)!)")
    case .recommendations: return try ask("GET", "/products/\(product())/recommendations")
    case .image: return try ask("GET", "/health")
    case .addToCart: return try put()
    case .cart: return try ask("GET", "/cart")
    case .checkout:
      checkouts += 1
      return try ask("POST", "/checkout", key: "\(session)-\(checkouts)")
    case .order: return try ask("GET", "/orders/\(max(1, order))")
    }
  }

  /// Popular ones more often.
  private func product() -> Int {
    let share = random.share()
    return 1 + Int(share * share * Double(DataSize.small.products))
  }

  private func ask(
    _ method: String, _ path: String, body: String = "", key: String? = nil
  ) throws -> RecordedVisit {
    let reply = try ShopReply(
      to: ShopAsk(method, path, session: session, key: key, body: body), on: socket)
    return RecordedVisit(status: reply.status, body: reply.body)
  }
}
