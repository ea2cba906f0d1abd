import Disks
import Glibc
import Harness
import Platform
import Results
import Statistics

/// A server of reads in one thread, and the requests that arrive there whether it keeps up or not.
///
/// The thread sleeps until a read is back or the next request is due: a thread that polls would take
/// the processor from the kernel's own threads, which start the reads.
final class StorageServer {
  /// Of a window.
  static let requests = 1_200
  /// Services in which a response is in time.
  static let deadline = 80.0
  private static let requestBytes = 64 << 10
  private static let places = 4

  private let blocks: BlockFile
  private let ring: ReadRing
  private let load: Double
  private var random: SeededGenerator
  private let each = StorageServer.requestBytes / BlockFile.blockBytes
  /// Nanoseconds per request at capacity.
  private var service = 0.0
  private var arrivals: [UInt64] = []
  private var responses: [UInt64] = []
  private var (offered, rejected, inTime) = (0, 0, 0)

  init(_ point: Point) throws {
    blocks = try SharedBlocks.file(bytes: BlockReads.fileBytes)
    let file = try DiskFile(blocks.path, .direct)
    ring = try ReadRing(file, depth: Self.places, bytes: Self.requestBytes)
    load = Double(point.value) / 100
    random = point.generator()
    // All requests are there at once: what it takes then is its capacity.
    arrivals = Array(repeating: 0, count: 300)
    var best = UInt64.max
    for _ in 0..<3 {
      let start = Clock.now()
      _ = try run { _ in true }
      best = min(best, Clock.now() - start)
    }
    service = Double(best) / Double(arrivals.count)
    _ = report()
  }

  /// A window of requests.
  /// - Parameter admits: whether a request may enter, by how many are inside.
  /// - Returns: how many sectors of a request were right, of all that were served.
  func serve(_ admits: (_ inside: Int) -> Bool) throws -> UInt64 {
    // Poisson arrivals.
    var time = 0.0
    arrivals = (0..<Self.requests).map { _ in
      time -= log(1 - Double.random(in: 0..<1, using: &random)) * service / load
      return UInt64(time)
    }
    return try run(admits)
  }

  private func run(_ admits: (_ inside: Int) -> Bool) throws -> UInt64 {
    var waiting: [Int] = []
    waiting.reserveCapacity(arrivals.count)
    var (next, first, served, right) = (0, 0, 0, 0)
    let deadline = UInt64(Self.deadline * service)
    let start = Clock.now()
    while next < arrivals.count || first < waiting.count || ring.outstanding > 0 {
      let now = Clock.now() - start
      while next < arrivals.count, arrivals[next] <= now {
        if admits(waiting.count - first + ring.outstanding) {
          waiting.append(next)
        } else {
          rejected += 1
        }
        next += 1
      }
      while ring.hasRoom, first < waiting.count {
        let block = Int.random(in: 0..<blocks.blocks / each, using: &random) * each
        ring.queue(block << 16 | waiting[first], at: block * BlockFile.blockBytes)
        first += 1
      }
      let due = next < arrivals.count ? arrivals[next] : .max
      let time = Clock.now() - start
      try ring.wait(nanoseconds: min(due - min(due, time), 1_000_000_000)) { read in
        let response = Clock.now() - start - arrivals[read.tag & 0xffff]
        responses.append(response)
        served += 1
        if response <= deadline { inTime += 1 }
        right += BlockFile.rightSectors(read.bytes, from: read.tag >> 16)
      }
    }
    offered += arrivals.count
    return UInt64(right / max(1, served))
  }

  /// Since the last report.
  func report() -> [String: Counter] {
    defer {
      responses.removeAll(keepingCapacity: true)
      (offered, rejected, inTime) = (0, 0, 0)
    }
    responses.sort()
    func share(_ count: Int) -> Counter {
      Counter(100 * Double(count) / Double(max(1, offered)), unit: .share)
    }
    let p99 = responses.isEmpty ? 0 : responses[responses.count * 99 / 100]
    return [
      // A pause of the device at the beginning can make all of them late.
      "goodput": share(max(1, inTime)), "rejected": share(rejected),
      "p99 response time": Counter(Double(p99), unit: .nanoseconds),
    ]
  }
}
