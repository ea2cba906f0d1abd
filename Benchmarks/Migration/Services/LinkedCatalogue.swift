import Harness
import Platform
import Results
import Systems

/// A catalogue behind a link that answers how much one asks for: the other service of a page.
final class LinkedCatalogue {
  /// Seconds, without jitter.
  static let roundTrip = 0.001
  /// Seconds in each direction at most.
  static let jitter = 0.000_2
  private static let thingBytes = 96

  let things: Int
  let connections: [Socket]
  private(set) var report: [String: Counter] = [:]
  private let hosts: LinkedHosts?
  private let server: ByteServer
  private let client: ByteClient
  private var requests = 0
  /// Of each number of things that was asked for.
  private var expected: [Int: UInt64] = [:]

  /// - Parameters:
  ///   - connections: to the other service.
  ///   - isLinked: whether there is a link, and not the loopback.
  init(_ point: Point, connections: Int = 1, isLinked: Bool = true) throws {
    things = point.value
    var random = point.generator()
    let content = (0..<Self.thingBytes * things).map { _ in
      UInt8.random(in: 0...255, using: &random)
    }
    let path = LinkPath(
      rate: 1e9, delay: Int(Self.roundTrip * 5e8), jitter: Int(Self.jitter * 1e9))
    let hosts =
      isLinked
      ? try LinkedHosts.shared(
        toServer: path, toClient: path, settings: ["net/ipv4/tcp_slow_start_after_idle": "0"],
        seed: point.seed, cpu: point.cpus.last!) : nil
    self.hosts = hosts
    server = try ByteServer(
      in: hosts?.server, content: content, cpu: point.cpus[0], isConcurrent: true)
    let client = ByteClient(of: server, in: hosts?.client, largest: content.count)
    self.client = client
    self.connections = try (0..<connections).map { _ in try client.connect() }
    for count in Set([1, things]) {
      expected[count] = content.prefix(count * Self.thingBytes).withUnsafeBytes { wordSum($0) }
    }
    for connection in self.connections { try request(1, on: connection) }
    for connection in self.connections { _ = try receive(1, on: connection) }
  }

  deinit { for connection in connections { connection.end() } }

  func request(_ count: Int, on connection: Socket) throws {
    requests += 1
    try client.request(count * Self.thingBytes, on: connection)
  }

  /// - Returns: how many bytes of the catalogue have come.
  /// - Throws: `OtherContent` where they are others.
  func receive(_ count: Int, on connection: Socket) throws -> Int {
    let bytes = count * Self.thingBytes
    guard try client.receive(bytes, on: connection) == expected[count] else {
      throw OtherContent(bytes: bytes)
    }
    return bytes
  }

  func fetch(_ count: Int, on connection: Socket) throws -> Int {
    try request(count, on: connection)
    return try receive(count, on: connection)
  }

  /// A page, and what it asks of the link.
  func counted(_ page: () throws -> Int) throws -> Int {
    requests = 0
    guard let hosts else { return try page() }
    let bytes = try hosts.counting(page)
    let (calls, there, back, _) = hosts.taken()
    let packets = there[.delivered] + back[.delivered]
    report = [
      "requests per page": .count(Double(requests)),
      "packets per page": .count(Double(packets) / Double(max(1, calls))),
    ]
    return bytes
  }

  /// Nanoseconds of a call on the loopback interface, between two threads that sleep before.
  static func callTime(_ point: Point) throws -> Double {
    let near = try LinkedCatalogue(point, isLinked: false)
    let start = Clock.now()
    for _ in 0..<200 { _ = try near.fetch(1, on: near.connections[0]) }
    return Double(Clock.now() - start) / 200
  }

  private struct OtherContent: Error, CustomStringConvertible {
    let bytes: Int
    var description: String { "\(bytes) bytes of a catalogue are not those that it holds" }
  }
}
