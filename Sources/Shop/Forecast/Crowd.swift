import Platform
import Systems

/// Visitors who ask a Shop for something again and again.
final class Crowd {
  /// What they did for some time.
  struct Visit {
    let load: LoadResult
    /// Processor seconds that the Shop used meanwhile.
    let cpu: Double
    /// Seconds that it took.
    let seconds: Double

    /// Processor seconds of a request, the mean.
    var cpuEach: Double { cpu / Double(max(1, load.answered)) }
  }

  private let shop: ObservedShop
  private let exchange: Exchange
  private let visitors: Visitors

  /// - Parameters:
  ///   - count: of visitors, each with a connection.
  ///   - thinking: nanoseconds between a response and the visitor's next request; none keeps the Shop
  ///     busy.
  /// - Throws: `LoadError`.
  init(
    _ count: Int, thinking: Durations = .constant(0), at shop: ObservedShop, _ mix: SessionMix,
    _ data: DataSize, seed: UInt64
  ) throws {
    self.shop = shop
    let wire = ShopWire()
    exchange = try Exchange([.init(shop.endpoint, connections: count)], wire: wire)
    visitors = Visitors(
      mix.thinking(thinking), count: count, data: data, wire: wire, seed: seed)
  }

  /// For so many seconds.
  func visit(seconds: Double) throws -> Visit {
    let (start, before) = (Clock.now(), shop.processorTime)
    let load = try visitors.play(on: exchange, seconds: seconds)
    let used = shop.processorTime - before
    return Visit(
      load: load, cpu: Double(used) / 1e9, seconds: Double(Clock.now() - start) / 1e9)
  }
}
