import Harness
import Platform
import Prices
import Statistics
import Synchronization

/// A service that adds amounts to counters and answers with what each amount was; the caller of it,
/// and what both spend.
final class CountingService {
  /// Dollars for an hour of a core: half of a machine that has two.
  static let coreHour =
    (PriceBook.current.price("compute.c7g.large", of: "AWS")?.dollars ?? .nan) / 2

  /// One request each.
  let amounts: [UInt64]
  /// Processor time of all threads in the last `timed` call, in nanoseconds.
  private(set) var lastTime = 0.0
  private let service: MessageService

  init(_ point: Point) {
    var random = point.generator()
    amounts = (0..<point.value).map { _ in UInt64.random(in: 0..<1_000, using: &random) }
    service = orEnd {
      let counters = Counters()
      return try MessageService(on: point.cpus.count > 1 ? point.cpus[1] : point.cpus[0]) {
        counters.added($0)
      }
    }
  }

  /// Adds amounts by one message.
  /// - Returns: the sum of what was added, as the service says.
  func add(_ amounts: [UInt64]) -> UInt64 {
    send(amounts)
    return receive()
  }

  func send(_ amounts: [UInt64]) {
    orEnd { try service.send(amounts.withUnsafeBytes { Array($0) }) }
  }

  func receive() -> UInt64 { Self.words(orEnd { try service.receive() }).reduce(0, &+) }

  func timed(_ body: () -> UInt64) -> UInt64 {
    let before = ProcessorTimes.now()
    let result = body()
    let used = ProcessorTimes.now() - before
    lastTime = Double(used.own + used.others)
    return result
  }

  /// Processor time of all threads, in nanoseconds: the mean of some calls.
  func processorTime(_ body: () -> Void) -> Double {
    let rounds = 200
    body()
    _ = timed {
      for _ in 0..<rounds { body() }
      return 0
    }
    return lastTime / Double(rounds)
  }

  /// What the service does with a message of all amounts.
  func work() {
    _ = Self.here.added(amounts.withUnsafeBytes { Array($0) })
  }

  private static let here = Counters()

  fileprivate static func words(_ bytes: [UInt8]) -> [UInt64] {
    bytes.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: 8).map {
        bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self)
      }
    }
  }
}

/// What the service keeps.
private final class Counters: Sendable {
  private let values = Mutex([UInt64](repeating: 0, count: 1_000))

  /// Adds the amounts of a message; the answer is the same message.
  func added(_ message: [UInt8]) -> [UInt8] {
    values.withLock { values in
      for amount in CountingService.words(message) { values[Int(amount)] &+= amount }
    }
    return message
  }
}
