import ArgumentParser
import Glibc
import Lab
import Platform
import Shop
import Systems

struct ShopServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve until Ctrl-C or SIGTERM.",
    discussion: """
      GET /products/ID, GET /search?q=WORD, GET /products/ID/recommendations, GET /images/ID, POST \
      /sessions, POST /cart, GET /cart, POST /checkout, POST /orders, GET /orders/ID, GET /health, \
      GET /metrics. At a signal it answers what is under way, and ends with 128 and the signal's \
      number; a second signal ends it at once.
      """)

  @OptionGroup var shop: ShopOptions

  @Option(help: "Port of loopback; 0 for any.")
  var port: UInt16 = 8_080

  @Option(help: "sqlite, or postgresql: a private server, removed at the end with its data.")
  var storage = Engine.sqlite

  enum Engine: String, CaseIterable, ExpressibleByArgument { case sqlite, postgresql }

  @Option(parsing: .upToNextOption, help: "Faults to plant; see 'shop list-sicknesses'.")
  var sick: [String] = []

  @Option(help: "Place orders at the shop that listens at this port of loopback.")
  var ordersAt: UInt16?

  @Flag(help: "Commit without waiting for the device: a power cut may lose orders.")
  var noFlush = false

  @Flag(help: "Leave unpaid orders alone, since another process serves the same ones.")
  var keepUnpaid = false

  @Option(help: "Write an access log to this file.")
  var log: String?

  @Option(help: "Write spans to this file, as OTLP JSON.")
  var traces: String?

  @Option(help: "Milliseconds that the payment provider takes.")
  var payment = 0.0

  @Option(help: "Milliseconds that a read of the database takes besides, as over a network.")
  var network = 0.0

  @Option(help: "Seconds for which recommendations are cached.")
  var lifetime = 60.0

  func run() throws {
    let folder = try shop.place()
    defer { withExtendedLifetime(folder) {} }
    var settings = try shop.settings(in: folder)
    settings.port = port
    settings.sicknesses = try Self.sicknesses(sick)
    settings.accessLog =
      log
      ?? (settings.sicknesses.contains(.synchronousLog)
        ? "\(settings.folder)/access.log" : nil)
    settings.traces = traces
    settings.ordersPort = ordersAt
    (settings.isDurable, settings.cancelsUnpaidOrders) = (!noFlush, !keepUnpaid)
    guard (0...60_000).contains(payment), (0...60_000).contains(network),
      (0...86_400).contains(lifetime)
    else {
      throw CommandFailed(
        "--payment and --network are at most 60000, --lifetime at most 86400", exitCode: 64)
    }
    guard ordersAt != 0 else { throw CommandFailed("--orders-at is from 1 to 65535", exitCode: 64) }
    settings.payments.time = UInt64(payment * 1e6)
    if network > 0 { settings.databaseTime = .constant(network * 1e6) }
    settings.cacheLifetime = UInt64(lifetime * 1e9)
    // Before there are threads, which inherit it: only this one learns of a signal.
    var signals = sigset_t()
    for each in [SIGINT, SIGTERM, SIGQUIT] { sigaddset(&signals, each) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    let server = try postgres()
    settings.postgres = server?.target
    let opened: Shop
    do { opened = try Shop(settings) } catch { throw CommandFailed("\(error)") }
    let place = server.map { "PostgreSQL in \($0.folder)" } ?? settings.folder
    let health = settings.sicknesses.map(\.rawValue).sorted().joined(separator: ", ")
    try Lab.line(
      "http://\(opened.endpoint) serves \(settings.data.rawValue) data from \(place)"
        + (health.isEmpty ? "" : ", sick with \(health)"))
    var signal: Int32 = 0
    sigwait(&signals, &signal)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    opened.stop()
    server?.stop()
    throw CommandFailed("", exitCode: 128 + signal)
  }

  /// A server of this process; nil for SQLite.
  private func postgres() throws -> PostgresServer? {
    guard storage == .postgresql else { return nil }
    guard shop.db == nil else {
      throw CommandFailed(
        "--db is for SQLite: PostgreSQL's data lie with its server, which ends with this process",
        exitCode: 64)
    }
    do { return try PostgresServer(isLasting: true) } catch {
      let hint =
        InstalledProgram.path(of: "postgres") == nil
        ? "; install the package '\(PostgresServer.package)', or use --storage sqlite" : ""
      throw CommandFailed("\(error)\(hint)")
    }
  }

  static func sicknesses(_ names: [String]) throws -> Set<Sickness> {
    Set(
      try names.flatMap { $0.split(separator: ",") }.map { name in
        guard let sickness = Sickness(rawValue: String(name)) else {
          throw CommandFailed(
            "there is no sickness '\(name)'; see '\(CommandLine.arguments[0]) shop "
              + "list-sicknesses'", exitCode: 64)
        }
        return sickness
      })
  }
}

/// What commands that open a Shop share.
struct ShopOptions: ParsableArguments {
  @Option(help: "Size of the data: small, medium or large.")
  var data = "small"

  @Option(help: "Folder of the database and images (default: a new one, removed at the end).")
  var db: String?

  @Option(help: "Threads that serve requests.")
  var workers = 8

  @Option(help: "Database connections for reading.")
  var readers = 4

  @Option(help: "Product pages kept in memory.")
  var cache = 0

  /// A folder that is removed with the last reference, or the one that was asked for.
  struct Place {
    let path: String
    let scratch: ScratchFolder?
  }

  func place() throws -> Place {
    if let db { return Place(path: db, scratch: nil) }
    do {
      let scratch = try ScratchFolder(bytes: 256 << 20)
      return Place(path: scratch.path, scratch: scratch)
    } catch { throw CommandFailed("no room for the data: \(error); --db names another folder") }
  }

  /// What a measurement returns. An interrupt ends it in order: nothing of it is left.
  static func interruptible(_ measure: () throws -> String) throws -> String {
    Interrupt.catchSignals()
    do { return try measure() } catch {
      // A shop that got the signal as well fails by itself.
      guard Interrupt.isCaught else { throw CommandFailed("\(error)") }
      throw CommandFailed(
        "interrupted; nothing was written", exitCode: 128 + Interrupt.signal)
    }
  }

  func settings(in place: Place) throws -> ShopSettings {
    var settings = ShopSettings(folder: place.path)
    guard let size = DataSize(rawValue: data) else {
      throw CommandFailed(
        "there is no size '\(data)'; use small, medium or large", exitCode: 64)
    }
    guard (1...1_000).contains(workers), (1...1_000).contains(readers), cache >= 0 else {
      throw CommandFailed("workers and readers are from 1 to 1000", exitCode: 64)
    }
    settings.data = size
    settings.workers = workers
    settings.readers = readers
    settings.cachedPages = cache
    return settings
  }
}
