import Platform
import Systems

/// Visitors without think time, who keep a Shop of this process busy.
final class Crowd {
  /// What they did for some time.
  struct Visit {
    let load: LoadResult
    /// Processor seconds of the process's other threads meanwhile: the Shop's.
    let cpu: Double
    /// Seconds that it took.
    let seconds: Double

    /// Processor seconds of a request, the mean.
    var cpuEach: Double { cpu / Double(max(1, load.answered)) }
  }

  private let exchange: Exchange
  private let visitors: Visitors

  /// - Parameter count: of visitors, each with a connection.
  /// - Throws: `LoadError`.
  init(
    _ count: Int, at shop: Shop, _ mix: SessionMix, _ data: DataSize, seed: UInt64
  ) throws {
    let wire = ShopWire()
    exchange = try Exchange([.init(shop.endpoint, connections: count)], wire: wire)
    visitors = Visitors(
      mix.thinking(.constant(0)), count: count, data: data, wire: wire, seed: seed)
  }

  /// For so many seconds.
  func visit(seconds: Double) throws -> Visit {
    let (start, before) = (Clock.now(), ProcessorTimes.now())
    let load = try visitors.play(on: exchange, seconds: seconds)
    let used = ProcessorTimes.now() - before
    return Visit(
      load: load, cpu: Double(used.others) / 1e9, seconds: Double(Clock.now() - start) / 1e9)
  }
}
