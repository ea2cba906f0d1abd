import Harness
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
  private let server: ByteServer

  /// - Parameters:
  ///   - path: from the server to the client; its delay is that of both directions.
  ///   - bytes: of each response.
  ///   - congestion: the algorithm of the server's connections.
  ///   - buffer: of both ends' sockets; nil lets the kernel size them.
  ///   - warmUps: responses on each connection beforehand, for slow start and the kernel's
  ///     autotuning.
  init(
    _ point: Point, _ path: LinkPath, bytes: Int, congestion: String = "cubic", buffer: Int? = nil,
    connections: Int = 1, warmUps: Int = 0
  ) throws {
    self.bytes = bytes
    hosts = try point.linked(path, settings: ["net/ipv4/tcp_slow_start_after_idle": "0"])
    let server = try ByteServer(
      in: hosts.server, content: point.bytes(bytes),
      options: [.congestionControl(congestion)] + (buffer.map { [.sendBuffer($0)] } ?? []),
      cpu: point.cpus[0], isConcurrent: connections > 1)
    self.server = server
    let client = ByteClient(
      of: server, in: hosts.client, largest: bytes,
      options: buffer.map { [.receiveBuffer($0)] } ?? [])
    self.client = client
    self.connections = try (0..<connections).map { _ in try client.connect() }
    for connection in self.connections {
      for _ in 0..<warmUps { _ = try client.fetch(bytes, on: connection) }
    }
  }

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
}
