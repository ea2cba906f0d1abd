import Harness
import Results
import Systems

/// A monolith that moves in waves: modules here, and modules behind a link.
final class SplitMonolith {
  /// Seconds.
  static let roundTrip = 0.002
  /// Of each stage.
  static let requests = 4
  private static let bytes = 96

  let calls: [(from: Int, to: Int)]
  private let wave: [Int]
  private let content: [UInt8]
  private let server: ByteServer
  private let client: ByteClient
  private let connection: Socket
  private var crossed = 0

  init(_ point: Point, _ order: WaveOrder) throws {
    calls = TracedMonolith.laterCalls(point, requests: Self.requests)
    wave = order(TracedMonolith.observed(point))
    var random = point.generator()
    let content = (0..<Self.bytes).map { _ in UInt8.random(in: 0...255, using: &random) }
    let path = LinkPath(rate: 1e9, delay: Int(Self.roundTrip * 5e8))
    let hosts = try LinkedHosts.shared(
      toServer: path, toClient: path, seed: point.seed, cpu: point.cpus.last!)
    let server = try ByteServer(
      in: hosts.server, content: content, cpu: point.cpus[0], isConcurrent: true)
    client = ByteClient(of: server, in: hosts.client, largest: Self.bytes)
    connection = try client.connect()
    (self.content, self.server) = (content, server)
  }

  deinit { connection.end() }

  /// Whether a module has not moved yet.
  func isHere(_ module: Int, _ stage: Int) -> Bool { wave[module] > stage }

  func callHere() -> UInt64 { content.withUnsafeBytes { wordSum($0) } }

  func callOverLink() -> UInt64 {
    crossed += 1
    return orEnd { try client.fetch(Self.bytes, on: connection) }
  }

  /// Of the calls since the last one.
  var report: [String: Counter] {
    defer { crossed = 0 }
    let all = Double(TracedMonolith.stages * Self.requests)
    return ["calls over the link per request": .count(Double(crossed) / all)]
  }
}
