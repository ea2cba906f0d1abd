import Harness
import Platform
import Results
import Shop
import Synchronization
import Systems

/// A browser that loads a page over a link from a Shop afar, and its images from there or from a cache
/// near by. Browser, Shop and cache share a processor; the links have the other one.
final class PageLoad: Sendable {
  /// Connections per server, as browsers open them.
  static let connections = 6

  private let far, near: LinkedHosts
  private let shop: Shop
  private let origin: Endpoint
  private let edge: EdgeCache
  private let cpu: Int
  private let images: [String]
  private let folder: ScratchFolder

  /// - Parameters:
  ///   - far, near: nanoseconds of the round trip to the Shop, and to the cache.
  ///   - images: of the page.
  init(_ point: Point, far: Int, near: Int, images: Int) throws {
    func linked(_ delay: Int) throws -> LinkedHosts {
      let path = LinkPath(delay: delay / 2)
      return try .shared(
        toServer: path, toClient: path, settings: ["net/ipv4/tcp_slow_start_after_idle": "0"],
        seed: point.seed, cpu: point.cpus.count > 1 ? point.cpus[1] : point.cpus[0])
    }
    (self.far, self.near) = (try linked(far), try linked(near))
    // The first five of the Shop's images of 16 KiB, again and again.
    self.images = (0..<images).map { "/images/\($0 % 5 * 5)" }
    cpu = point.cpus[0]
    folder = try ScratchFolder(bytes: ShopBench.needed)
    var settings = ShopSettings(folder: folder.path)
    (settings.cpus, settings.isDurable) = ([cpu], false)
    let server = self.far.server
    let listener = try server.run { try Socket.listening(at: server.endpoint(), backlog: 64) }
    origin = try listener.endpoint()
    shop = try Shop(settings, listening: listener)
    let (client, origin) = (self.far.client, origin)
    edge = try EdgeCache(in: self.near.server, cpu: cpu) { path in
      try Fetched(path, on: client.run { try Socket.connected(to: origin) })
    }
  }

  deinit { shop.stop() }

  var report: [String: Counter] {
    [
      "link round trip": Counter(Double(far.figures.roundTrip), unit: .nanoseconds),
      "round trip to the cache": Counter(Double(near.figures.roundTrip), unit: .nanoseconds),
    ]
  }

  /// Loads the page and its images, from the Shop or from the cache.
  /// - Returns: the sum of the digests of all responses.
  func load(fromEdge: Bool) throws -> UInt64 {
    let first = try connect(toEdge: false)
    let page = try Fetched("/products/17", on: first).digest
    let next = Atomic(0)
    let sum = Mutex(page)
    let browser = try (0..<Self.connections).map { number in
      try ServerThread(on: cpu, isJoined: true) { [self] in
        orEnd {
          let socket =
            !fromEdge && number == 0 ? first : try connect(toEdge: fromEdge)
          while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < images.count else { break }
            let digest = try Fetched(images[index], on: socket).digest
            sum.withLock { $0 &+= digest }
          }
        }
      }
    }
    for thread in browser { thread.join() }
    return sum.withLock { $0 }
  }

  private func connect(toEdge: Bool) throws -> Socket {
    let (client, server) = toEdge ? (near.client, edge.endpoint) : (far.client, origin)
    return try client.run { try Socket.connected(to: server, options: [.noDelay(true)]) }
  }
}

/// A response to a request.
struct Fetched: Sendable {
  /// Head and body.
  let bytes: [UInt8]
  /// Of the body.
  let digest: UInt64

  /// Asks for an address and waits.
  init(_ path: String, on socket: Socket) throws {
    let wire = PathsProtocol([path])
    try ShopAsk("GET", path).bytes.withUnsafeBytes { try socket.send($0) }
    var received: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = try part.withUnsafeMutableBytes { try socket.receivePart($0) }
      received += part[..<count]
      let scan = received.withUnsafeBytes { wire.scan($0, for: Request(id: 0)) }
      if case .whole(let answer, _) = scan {
        (bytes, digest) = (received, answer.digest)
        return
      }
      if case .garbage(let what) = scan { throw LoadError.garbage(what) }
    }
  }
}

/// A server that keeps the responses of another one, a thread per connection.
final class EdgeCache: Sendable {
  let endpoint: Endpoint
  private let listener: Socket

  /// - Parameters:
  ///   - host: where it listens.
  ///   - fetch: gets what it does not have.
  init(
    in host: Systems.Host, cpu: Int, fetching fetch: @escaping @Sendable (String) throws -> Fetched
  ) throws {
    let listener = try host.run { try Socket.listening(at: host.endpoint(), backlog: 64) }
    self.listener = listener
    endpoint = try listener.endpoint()
    let kept = Kept()
    try ServerThread(on: cpu) {
      while let connection = try? listener.accept() {
        _ = try? ServerThread(on: nil) { try? Self.serve(connection, kept, fetch) }
      }
      listener.end()
    }
  }

  deinit { listener.end() }

  private final class Kept: Sendable {
    let responses = Mutex<[String: [UInt8]]>([:])
  }

  private static func serve(
    _ connection: Socket, _ kept: Kept, _ fetch: (String) throws -> Fetched
  ) throws {
    try connection.set(.noDelay(true))
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while true {
      // A browser sends a request in one piece, and waits for its response.
      let count = try buffer.withUnsafeMutableBytes { try connection.receivePart($0) }
      let words = String(decoding: buffer[..<count], as: UTF8.self).split(separator: " ")
      guard words.count > 1 else { return }
      let path = String(words[1])
      let known = kept.responses.withLock { $0[path] }
      let response = try known ?? fetch(path).bytes
      if known == nil { kept.responses.withLock { $0[path] = response } }
      try response.withUnsafeBytes { try connection.send($0) }
    }
  }
}
