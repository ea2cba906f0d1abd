import Codecs
import Harness
import Platform
import Results
import Systems

/// A dump of a table that goes over a link, in one stream or several, compressed or as it is.
final class DumpTransfer {
  /// Bits per second.
  static let rate = 200e6
  /// Seconds.
  static let roundTrip = 0.01
  /// Of the dump.
  static let bytes = 512 << 10
  static let codec = Codec.zstd(3)
  /// Data in a packet of 1,500 bytes with time stamps.
  static let segmentBytes = 1_448.0

  private(set) var report: [String: Counter] = [:]
  private let dump: [UInt8]
  private let isCompressed: Bool
  private let server: ByteServer
  private let client: ByteClient
  private let connections: [Socket]
  private let part: Int
  private var buffer = [UInt8](repeating: 0, count: 256 << 10)

  /// - Parameters:
  ///   - streams: that carry equal parts.
  ///   - isCompressed: whether it is compressed before and decompressed after.
  init(_ point: Point, streams: Int, isCompressed: Bool) throws {
    self.isCompressed = isCompressed
    dump = Self.dump(point.seed)
    let content = isCompressed ? try Self.codec.compressed(dump) : dump
    part = (content.count + streams - 1) / streams
    let loss = Double(point.value) / 1_000
    let path = LinkPath(
      rate: Self.rate, delay: Int(Self.roundTrip * 5e8), loss: loss, queueBytes: 1 << 20)
    let back = LinkPath(rate: Self.rate, delay: Int(Self.roundTrip * 5e8), queueBytes: 1 << 20)
    let hosts = try LinkedHosts.shared(
      toServer: back, toClient: path, settings: ["net/ipv4/tcp_slow_start_after_idle": "0"],
      seed: point.seed, cpu: point.cpus.last!)
    server = try ByteServer(
      in: hosts.server, content: content, options: [.congestionControl("reno")], cpu: point.cpus[0],
      isConcurrent: true)
    client = ByteClient(of: server, in: hosts.client, largest: part)
    let client = client
    // A lost handshake is repeated after five round trips, and not after a second.
    let patience = Int(5 * Self.roundTrip * 1e9)
    connections = try (0..<streams).map { _ in try client.connect(patience: patience) }
    // Windows open, and are then as losses leave them.
    try fetch()
  }

  static func dump(_ seed: UInt64) -> [UInt8] { SampleData.columns.bytes(bytes, seed: seed) }

  /// Has the dump arrive.
  /// - Returns: its bytes.
  func transfer() throws -> UInt64 {
    let packed = isCompressed ? try Self.codec.compressed(dump) : dump
    try fetch()
    guard isCompressed else { return UInt64(packed.count) }
    report = ["bytes sent": Counter(Double(packed.count), unit: .bytes)]
    return UInt64(try Self.codec.decompressed(packed, count: dump.count).count)
  }

  /// All parts at once.
  private func fetch() throws {
    for connection in connections { try client.request(part, on: connection) }
    var readiness = Readiness(of: connections)
    var left = connections.map { _ in part }
    var open = connections.count
    while open > 0 {
      for number in try readiness.next() {
        left[number] -= try buffer.withUnsafeMutableBytes { bytes in
          try connections[number].receivePart(bytes)
        }
        guard left[number] == 0 else { continue }
        readiness.remove(number)
        open -= 1
      }
    }
  }

  // By themselves.

  /// Of a dump: nearly the same for each seed.
  static let packedBytes = (try? codec.compressed(dump(1)).count) ?? bytes

  /// Nanoseconds of compressing and decompressing the dump.
  static func codecTime(_ point: Point) throws -> Double {
    let dump = dump(point.seed)
    let start = Clock.now()
    _ = try codec.decompressed(try codec.compressed(dump), count: dump.count)
    return Double(Clock.now() - start)
  }
}
