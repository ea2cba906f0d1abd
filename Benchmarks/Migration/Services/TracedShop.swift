import Harness
import Platform
import Results
import Shop
import Systems
import TraceMap

/// What the Shop's modules really use, listed from its code.
enum ShopEdges {
  struct Known {
    let edge: StaticMap.Edge
    let isTable: Bool
    /// The share of the requests that use it.
    let chance: Double
  }

  static let all: [Known] =
    calls.map { Known(edge: .init(from: $0, to: $1), isTable: false, chance: chance($2)) }
    + tables.map { Known(edge: .init(from: $0, to: $1), isTable: true, chance: chance($2)) }

  static let truth = Set(all.map(\.edge))

  private typealias Steps = Set<SessionMix.Step>

  private static let calls: [(String, String, Steps)] = [
    ("shop", "Catalogue", [.product, .search]), ("shop", "Recommendations", [.recommendations]),
    ("shop", "Carts", [.addToCart, .cart]), ("shop", "Checkout", [.checkout]),
    ("shop", "Orders", [.order]), ("shop", "Images", []),
    ("Recommendations", "Catalogue", [.recommendations]), ("Carts", "Catalogue", [.cart]),
    ("Checkout", "Payments", [.checkout]),
  ]

  private static let tables: [(String, String, Steps)] = [
    ("Catalogue", "products", [.product, .search, .recommendations, .cart]),
    ("Catalogue", "words", [.search]), ("Recommendations", "lines", [.recommendations]),
    ("Carts", "sessions", [.addToCart, .cart]), ("Carts", "carts", [.addToCart, .cart]),
    ("Carts", "products", [.addToCart]), ("Checkout", "orders", [.checkout]),
    ("Checkout", "carts", [.checkout]), ("Checkout", "products", [.checkout]),
    ("Checkout", "lines", [.checkout]), ("Checkout", "payments", [.checkout]),
    ("Orders", "orders", [.order]), ("Orders", "lines", [.order]),
  ]

  /// Pictures have no span, so that no step shows them.
  private static func chance(_ steps: Steps) -> Double {
    let shares = SessionMix.shopping.shares
    let own = shares.filter { steps.contains($0.step) }.reduce(0) { $0 + $1.weight }
    return own / shares.reduce(0) { $0 + $1.weight }
  }
}

/// Maps beside the truth.
final class MapReport {
  private(set) var report: [String: Counter] = [:]

  /// - Returns: how many edges there are to find, which is the same for all maps.
  func judged(_ maps: [Set<StaticMap.Edge>]) -> Int {
    let truth = ShopEdges.truth
    func mean(_ value: (Set<StaticMap.Edge>) -> Double) -> Double {
      maps.reduce(0) { $0 + value($1) } / Double(maps.count)
    }
    report = [
      "edges that are right": .share(
        mean { Double(truth.intersection($0).count) / Double(truth.union($0).count) }),
      "edges missed": .count(mean { Double(truth.subtracting($0).count) }),
      "edges invented": .count(mean { Double($0.subtracting(truth).count) }),
    ]
    return truth.count
  }
}

/// Visitors of a Shop that writes traces.
final class TracedShop {
  private let folder: ScratchFolder
  private let cpu: Int
  private var seed: UInt64
  private static let rate = Releases.areFew ? 1_000.0 : 2_000
  private static let requests = 500.0

  init(_ point: Point) throws {
    folder = try ShopFolders.own()
    cpu = point.cpus.last!
    seed = point.seed
  }

  /// Serves 500 requests of other visitors each time.
  /// - Returns: the traces, a request on each line.
  func visited() throws -> [ArraySlice<UInt8>] {
    let traces = folder.file("traces.json")
    FileTree.remove(traces)
    var settings = ShopSettings(folder: folder.path)
    settings.cpus = [cpu]
    (settings.isDurable, settings.idleSeconds, settings.traces) = (false, 0, traces)
    let shop = try Shop(settings)
    let wire = ShopWire()
    seed &+= 1
    let visitors = Visitors(.shopping, count: 2, data: .small, wire: wire, seed: seed)
    let exchange = try Exchange([.init(shop.endpoint, connections: 256)], wire: wire)
    let arrivals = Arrivals.constant(
      rate: Self.rate, seconds: (Self.requests + 0.5) / Self.rate)
    let played = Result { try visitors.play(on: exchange, arrivals) }
    shop.stop()
    _ = try played.get()
    return try StoreReceiver.contents(of: traces).split(separator: UInt8(ascii: "\n"))
  }
}
