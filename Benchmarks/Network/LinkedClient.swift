import Harness
import Platform
import Results
import Systems

/// A client with connections to a server behind a link: the input of experiments on links.
final class LinkedClient {
  let hosts: LinkedHosts
  /// Bytes of each response.
  let bytes: Int
  let client: ByteClient
  let connections: [Socket]
  let latencies = Recorder()
  /// Of the last responses on all connections, in nanoseconds.
  private(set) var mean = 0.0
  private let server: ByteServer
  /// Room for a response on each connection.
  private let responses: UnsafeMutableRawBufferPointer

  /// Linux 6.11.
  private static let timeOut = "net/ipv4/tcp_rto_min_us"

  /// - Parameters:
  ///   - path: from the server to the client; its delay is that of both directions.
  ///   - bytes: of each response.
  ///   - congestion: the algorithm of the server's connections.
  ///   - leastTimeOut: microseconds before a retransmission, where the kernel knows that setting.
  ///   - buffer: of both ends' sockets; nil lets the kernel size them.
  ///   - warmUps: responses on each connection beforehand, for slow start, the kernel's autotuning,
  ///     and a window that is as losses leave it.
  init(
    _ point: Point, _ path: LinkPath, bytes: Int, congestion: String = "cubic",
    leastTimeOut: Int? = nil, buffer: Int? = nil, connections: Int = 1, warmUps: Int = 0
  ) throws {
    self.bytes = bytes
    var settings = linkedSettings
    if let leastTimeOut, Host.has(Self.timeOut) { settings[Self.timeOut] = "\(leastTimeOut)" }
    hosts = try point.linked(path, settings: settings)
    let server = try ByteServer(
      in: hosts.server, content: point.bytes(bytes),
      options: [.congestionControl(congestion)] + (buffer.map { [.sendBuffer($0)] } ?? []),
      cpu: point.cpus[0], isConcurrent: connections > 1)
    self.server = server
    let client = ByteClient(
      of: server, in: hosts.client, largest: bytes,
      options: buffer.map { [.receiveBuffer($0)] } ?? [])
    self.client = client
    responses = .allocate(byteCount: connections * bytes, alignment: 64)
    // What is measured begins afterwards: a lost handshake need not wait for the kernel's second.
    let patience = 5 * hosts.link.roundTrip
    self.connections = try (0..<connections).map { _ in try client.connect(patience: patience) }
    for _ in 0..<warmUps { _ = try askOnEach() }
    _ = latencies.taken()
  }

  deinit { responses.deallocate() }

  /// Requests a response on a connection and waits for it.
  /// - Returns: its digest.
  func fetch(on connection: Socket) throws -> UInt64 { try client.fetch(bytes, on: connection) }

  /// Requests so many responses at once.
  func request(_ count: Int = 1, on connection: Socket) throws {
    try client.request(bytes, times: count, on: connection)
  }

  /// Waits for the next response.
  /// - Returns: its digest.
  func receive(on connection: Socket) throws -> UInt64 {
    try client.receive(bytes, on: connection)
  }

  /// Requests a response on each connection at once, and records how long each takes.
  /// - Returns: the sum of their digests.
  @inline(never)
  func askOnEach() throws -> UInt64 {
    let start = Int(Clock.now())
    for connection in connections { try request(on: connection) }
    var readiness = Readiness(of: connections)
    var received = [Int](repeating: 0, count: connections.count)
    var (sum, left, times) = (UInt64(0), connections.count, 0)
    while left > 0 {
      for number in try readiness.next() {
        let response = responses[number * bytes..<(number + 1) * bytes]
        received[number] += try connections[number].receivePart(
          UnsafeMutableRawBufferPointer(rebasing: response.dropFirst(received[number])))
        guard received[number] == bytes else { continue }
        let time = Int(Clock.now()) - start
        latencies.record(time)
        times += time
        sum &+= wordSum(UnsafeRawBufferPointer(rebasing: response))
        readiness.remove(number)
        left -= 1
      }
    }
    mean = Double(times) / Double(connections.count)
    return sum
  }
}
