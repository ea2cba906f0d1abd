import Glibc
import Platform
import Systems

/// A small shop that serves HTTP on loopback: what the experiments on scale, cost and migration
/// measure. A monolith of modules (catalogue, carts, checkout, recommendations, images) on SwiftNIO,
/// with SQLite in the process, or with a PostgreSQL server.
///
///     var settings = ShopSettings(folder: "/tmp/shop")
///     settings.sicknesses = [.missingIndex]
///     let shop = try Shop(settings)
///     … shop.endpoint …
///     shop.stop()
///
/// It is a stand-in for a real shop in one way only: nobody is paid.
public final class Shop: Sendable {
  private let application: Application
  private let server: HTTPServer

  /// Opens its data, fills them where they are new, and starts to listen.
  /// - Parameter socket: one that listens already, to take over from another Shop; nil for its own.
  /// - Throws: `ShopRefused`.
  public init(_ settings: ShopSettings, listening socket: Socket? = nil) throws(ShopRefused) {
    if mkdir(settings.folder, 0o755) != 0 && errno != EEXIST {
      throw .folder(settings.folder, reason: SystemError.describe(errno))
    }
    application = try Application(settings)
    server = try HTTPServer(application, listening: socket)
  }

  var storage: DatabaseStorage { application.storage }

  /// Where it listens.
  public var endpoint: Endpoint { server.endpoint }

  /// The statements that its modules ask its database.
  public static var statements: [String] { Query.allCases.map(\.line) }

  /// What it has counted so far. A request's counts are added when its response is ready.
  public var counts: Counts { application.metrics.counts }

  /// Requests that were answered so far.
  public var requests: Int { application.metrics.requests }

  /// A gauge of its metrics, by its name there; nil where there is none.
  public func gauge(_ name: String) -> Int? {
    application.gauges.first { $0.name == name }?.value
  }

  /// Opens a session as `POST /sessions` does: for loads that don't measure that.
  public func openSession() throws -> String {
    let session = Carts.newSession()
    try application.carts.open(session, RequestScope(isTraced: false))
    return String(session, radix: 16)
  }

  /// As if the lifetime of all that is cached were over.
  public func expireCache() { application.recommendations.expire() }

  /// As if a job had computed all that is cached anew at this moment.
  public func renewCache() { application.recommendations.renew() }

  /// The most recommendations that were being computed at once since `renewCache`.
  public var mostComputed: Int { application.recommendations.mostComputed }

  /// No longer accepts connections; goes on with those that are open.
  public func stopListening() { server.stopListening() }

  /// Answers what is under way, closes all connections and ends its threads.
  public func stop() { server.stop(within: application.settings.drainSeconds) }
}
