import Systems

/// How a Shop is set up. The defaults are those of a healthy one on a small machine.
public struct ShopSettings: Sendable {
  /// Where the kernel is to choose the port: 0.
  public var port: UInt16 = 0
  /// What it speaks at its port.
  public var versions = HTTPVersions.one
  /// Of the seeded data.
  public var data: DataSize = .small
  /// The folder of database and images, which is made where it does not exist.
  public var folder: String
  /// The PostgreSQL server that has the database, as libpq takes it (`host=/folder user=u dbname=d`);
  /// nil for SQLite in the folder. PostgreSQL counts no scanned rows, and `cpus` are not its own.
  public var postgres: String?
  /// Planted faults.
  public var sicknesses: Set<Sickness> = []
  /// Threads that parse requests and send responses.
  public var loops = 1
  /// Threads that serve requests, each one at a time.
  public var workers = 8
  /// Requests that wait for a worker at most; others get the status 503.
  public var queue = 1_024
  /// Database connections for reading, shared by the workers.
  public var readers = 4
  /// Nanoseconds that a request waits for a database connection at most.
  public var poolPatience: UInt64 = 2_000_000_000
  /// Database connections for writing. SQLite has one writer at a time: with one connection requests
  /// wait for it here, in the order of their arrival; with more they wait in SQLite's busy handler.
  /// With PostgreSQL there are as many as for reading at least.
  public var writers = 1
  /// Whether sessions and carts are kept in this process's memory until they are bought, and not in
  /// the database.
  public var keepsSessions = false
  /// Port of loopback of a Redis server that keeps sessions and carts until they are bought, in place
  /// of this process's memory or the database; nil for none.
  public var sessionsPort: UInt16?
  /// Port of loopback at which checkouts place their orders (`POST /orders` of another Shop); nil
  /// for this one's database.
  public var ordersPort: UInt16?
  /// What a read keeps its database connection for beside the work of SQLite, in nanoseconds: as if
  /// the database were on another machine.
  public var databaseTime = Durations.constant(0)
  /// Whether a request keeps the database connection that it reads with until its response is ready
  /// (a session per request), and not only for a query.
  public var keepsConnection = false
  /// Nanoseconds that a product page waits for another service: a carrier says when it can deliver.
  public var deliveryTime = Durations.constant(0)
  /// Product pages that are kept in memory; none by default.
  public var cachedPages = 0
  /// Nanoseconds for which recommendations are kept.
  public var cacheLifetime: UInt64 = 60_000_000_000
  /// Recommendations live up to this share shorter, at random, so that they don't expire together.
  public var cacheSpread = 0.2
  /// Whether one request computes recommendations that are missing and the others wait for it.
  public var isSingleFlight = true
  /// How images are sent.
  public var imageDelivery = ImageDelivery.read
  /// How the payment provider behaves.
  public var payments = PaymentBehaviour()
  /// Whether a commit waits for the device, so that it survives a power cut.
  public var isDurable = true
  /// Whether the database's write-ahead log is kept whole and not written back into the database: for
  /// a log that is shipped to a standby.
  public var keepsLog = false
  /// The lease without which no order is acknowledged; nil where none is needed.
  public var lease: Lease?
  /// The access log; nil for none.
  public var accessLog: String?
  /// A file for spans as OTLP JSON; nil for none.
  public var traces: String?
  /// Where the processor time and the waits of each request are noted, which costs four system calls;
  /// nil for nowhere.
  public var demands: DemandLog?
  /// Whether orders that nobody paid are cancelled when it opens: not where another process serves
  /// the same data at that time.
  public var cancelsUnpaidOrders = true
  /// Processors that its threads may use; nil for those of the caller.
  public var cpus: [Int]?
  /// Seconds that `stop` waits for requests under way.
  public var drainSeconds = 5.0
  /// Seconds that `stop` leaves connections without a request open: a client that sends on one then
  /// gets a response with `Connection: close`, and not a reset.
  public var idleSeconds = 0.05

  /// How an image gets from its file to a socket.
  public enum ImageDelivery: Sendable {
    /// Read into memory for each request, and written from there.
    case read
    /// From the kernel's page cache to the socket, without a copy here (`sendfile`).
    case sendfile
  }

  /// - Parameter folder: of database and images.
  public init(folder: String) { self.folder = folder }

  func has(_ sickness: Sickness) -> Bool { sicknesses.contains(sickness) }
}
