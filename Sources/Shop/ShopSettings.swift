/// How a Shop is set up. The defaults are those of a healthy one on a small machine.
public struct ShopSettings: Sendable {
  /// Where the kernel is to choose the port: 0.
  public var port: UInt16 = 0
  /// Of the seeded data.
  public var data: DataSize = .small
  /// The folder of database and images, which is made where it does not exist.
  public var folder: String
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
  /// Product pages that are kept in memory; none by default.
  public var cachedPages = 0
  /// Nanoseconds for which recommendations are kept.
  public var cacheLifetime: UInt64 = 60_000_000_000
  /// How images are sent.
  public var imageDelivery = ImageDelivery.read
  /// How the payment provider behaves.
  public var payments = PaymentBehaviour()
  /// Whether a commit waits for the device, so that it survives a power cut.
  public var isDurable = true
  /// The access log; nil for none.
  public var accessLog: String?
  /// A file for spans as OTLP JSON; nil for none.
  public var traces: String?
  /// Whether the processor time of each request is taken, which costs two system calls.
  public var takesDemands = false
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
