import Codecs
import Glibc
import Harness
import Platform
import Results
import Systems

/// A dump of a table that goes over a link, in one stream or several, compressed or as it is.
final class DumpTransfer {
  /// Bits per second.
  static let rate = 200e6
  /// Seconds.
  static let roundTrip = 0.004
  /// Of the dump.
  static let bytes = 512 << 10
  static let codec = Codec.zstd(3)
  /// Data in a packet of 1,500 bytes with time stamps.
  static let segmentBytes = 1_448.0
  /// Of a stream, before the dump.
  static let warmUpBytes = 256 << 10
  /// Of a stream, behind its part.
  private static let furtherBytes = 3 * Int(segmentBytes)

  private(set) var report: [String: Counter] = [:]
  private let dump: [UInt8]
  private let isCompressed: Bool
  private let server: ByteServer
  private let client: ByteClient
  private let connections: [Socket]
  private let part: Int
  /// Bytes that are still to come on each connection.
  private var awaited: [Int]
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
      toServer: back, toClient: path, settings: Self.settings, seed: point.seed,
      cpu: point.cpus.last!)
    server = try ByteServer(
      in: hosts.server, content: content + [UInt8](repeating: 0, count: Self.furtherBytes),
      options: [.congestionControl("reno")], cpu: point.cpus[0], isConcurrent: true)
    let server = server
    client = ByteClient(of: server, in: hosts.client, largest: 0)
    // A lost handshake is repeated after five round trips, and not after a second.
    let patience = Int(5 * Self.roundTrip * 1e9)
    connections = try made(of: Array(0..<streams), atOnce: streams) { _ in
      try ByteClient(of: server, in: hosts.client, largest: 0).connect(patience: patience)
    }
    awaited = connections.map { _ in 0 }
    // Windows open, and are then as losses leave them.
    try fetch(min(part, Self.warmUpBytes))
  }

  /// The least time-out is 200 ms, which is two round trips over an ocean and fifty here; a kernel
  /// that can be told has five.
  private static let settings: [String: String] = {
    let least = "net/ipv4/tcp_rto_min_us"
    let settings = ["net/ipv4/tcp_slow_start_after_idle": "0"]
    guard access("/proc/sys/\(least)", F_OK) == 0 else { return settings }
    return settings.merging([least: "\(Int(5 * roundTrip * 1e6))"]) { first, _ in first }
  }()

  static func dump(_ seed: UInt64) -> [UInt8] { SampleData.columns.bytes(bytes, seed: seed) }

  /// Has the dump arrive.
  /// - Returns: its bytes.
  func transfer() throws -> UInt64 {
    let packed = isCompressed ? try Self.codec.compressed(dump) : dump
    try fetch(part)
    guard isCompressed else { return UInt64(packed.count) }
    report = ["bytes sent": Counter(Double(packed.count), unit: .bytes)]
    return UInt64(try Self.codec.decompressed(packed, count: dump.count).count)
  }

  /// So many bytes on each connection at once. A few more are then on their way: they belong to the
  /// next ones.
  private func fetch(_ bytes: Int) throws {
    for (number, connection) in connections.enumerated() {
      try client.request(bytes + Self.furtherBytes, on: connection)
      awaited[number] += bytes + Self.furtherBytes
    }
    var readiness = Readiness(of: connections)
    var open = connections.count
    while open > 0 {
      for number in try readiness.next() {
        awaited[number] -= try buffer.withUnsafeMutableBytes { bytes in
          try connections[number].receivePart(bytes)
        }
        guard awaited[number] <= Self.furtherBytes else { continue }
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
