import Databases
import Glibc
import Harness
import Platform
import Results
import Shop
import Statistics
import Synchronization
import Systems

/// What the analysts ask, and how it learns of new orders; nil where it is the Shop's own database.
struct AskedLines {
  let lines: any OrderLines
  let follows: LinesFeed?
}

/// A Shop on the second of the point's processors, with a history of orders; visitors come from the
/// first one. The analysts' thread shares the Shop's processor.
final class AnalysedShop: @unchecked Sendable {
  // SAFETY (@unchecked): the analysts' thread has what it asks to itself, and is joined before
  // anybody else looks at that or at what it has found.

  /// Of scratch space.
  static let bytes = 64 << 20
  /// Seconds from the beginning of one query to that of the next.
  private static let period = 0.02
  private static let rate = Releases.areFew ? 300.0 : 3_000
  private static let window = SmokeRun.isThis ? 0.06 : 0.2

  let responses = Recorder()
  private(set) var report: [String: Counter] = [:]
  private let folder: ScratchFolder
  private let shop: Shop
  private let exchange: Exchange
  private let visitors: Visitors
  private let cpu: Int
  private let asked: AskedLines
  private let primary: LinesInRows
  private let isOver = Atomic(false)
  private var found = Findings()

  /// Of one load.
  private struct Findings {
    var (queries, nanoseconds, staleness, cpu) = (0, UInt64(0), UInt64(0), UInt64(0))
    var isRight = true
  }

  /// - Parameter asked: makes what the analysts ask, for the folder of a Shop.
  init(_ point: Point, _ asked: (_ shop: String) throws -> AskedLines) throws {
    folder = try ScratchFolder(bytes: Self.bytes)
    try FileTree.copy(try Self.history(point.value), to: folder.file("shop.db"))
    cpu = point.cpus.last!
    self.asked = try asked(folder.path)
    primary = try LinesInRows(at: folder.path)
    var settings = ShopSettings(folder: folder.path)
    settings.cpus = [cpu]
    (settings.isDurable, settings.idleSeconds) = (false, 0)
    shop = try Shop(settings)
    let wire = ShopWire()
    exchange = try Exchange([.init(shop.endpoint, connections: 256)], wire: wire)
    let mix = SessionMix([.product: 8, .addToCart: 1, .checkout: 1], thinking: .constant(0))
    visitors = Visitors(mix, count: 256, data: .small, wire: wire, seed: point.seed)
  }

  deinit { shop.stop() }

  /// A Shop's database with so many lines of old orders, made once in a run.
  private static func history(_ lines: Int) throws -> String {
    let folder = try ScratchFolder.shared(2_000 + lines / 1_000, bytes: bytes) { folder in
      try ShopFolders.fill(folder)
      let database = try SQLiteDatabase(
        .file("\(folder)/shop.db"), SQLiteSettings(cacheBytes: 64 << 20, synchronous: .off))
      let count = "n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT \(lines / 3))"
      try database.execute(
        """
        WITH RECURSIVE \(count)
          INSERT INTO orders SELECT 100000 + i, 'history-' || i, 0, 'paid', 300 FROM n;
        WITH RECURSIVE \(count)
          INSERT INTO lines SELECT 100000 + i, 1 + (i * 7 + j * 333) % 1000,
            1 + (i + j) % 3, 199 + (i * 31 + j * 1009) % 9801
            FROM n, (SELECT 0 AS j UNION ALL SELECT 1 UNION ALL SELECT 2);
        """)
    }
    return "\(folder)/shop.db"
  }

  /// Serves visitors and analysts.
  /// - Returns: 1 where what the analysts were answered is what the Shop's database says.
  func serve() -> UInt64 {
    orEnd {
      found = Findings()
      isOver.store(false, ordering: .relaxed)
      let analysts = try ServerThread(on: cpu, isJoined: true) { orEnd { try self.analyse() } }
      let result = try visitors.play(on: exchange, .constant(rate: Self.rate, seconds: Self.window))
      isOver.store(true, ordering: .relaxed)
      analysts.join()
      for latency in result.latencies { responses.record(latency) }
      try compareAtTheEnd()
      let queries = Double(max(1, found.queries))
      report = [
        "analysts' query": .seconds(Double(found.nanoseconds) / queries / 1e9),
        "staleness of the copy": .seconds(Double(found.staleness) / queries / 1e9),
        "processor time of the analysts": .share(Double(found.cpu) / Double(result.duration)),
        "failed requests": .count(Double(result.failed)),
      ]
      return found.isRight ? 1 : 0
    }
  }

  /// Follows the Shop and asks, until the load is over.
  private func analyse() throws {
    let (cpu, begin) = (ProcessorTimes.ofThread(), Clock.now())
    var (next, pinned) = (begin, nil as (LinesSum, () throws -> LinesSum)?)
    while !isOver.load(ordering: .relaxed) {
      try asked.follows?.carry(to: asked.lines)
      let now = Clock.now()
      if let feed = asked.follows, pinned == nil, Double(now - begin) > Self.window * 5e8 {
        let (position, sum) = try primary.pinned()
        try feed.carry(to: asked.lines, until: position)
        pinned = (try asked.lines.sum(), sum)
      }
      if now >= next {
        // The copy may have been carried on since.
        let start = Clock.now()
        found.staleness += asked.follows.map { start - $0.time } ?? 0
        _ = try asked.lines.sum()
        found.nanoseconds += Clock.now() - start
        found.queries += 1
        next = max(next + UInt64(Self.period * 1e9), Clock.now())
      }
      usleep(2_000)
    }
    found.cpu = ProcessorTimes.ofThread() - cpu
    // The database is read in the state in which the copy was asked.
    if let (copy, sum) = pinned { found.isRight = try sum() == copy }
  }

  private func compareAtTheEnd() throws {
    try asked.follows?.carry(to: asked.lines)
    let isRight = try asked.lines.sum() == primary.sum()
    found.isRight = found.isRight && isRight
  }
}
