import Harness
import Platform
import Results
import Shop
import Systems

/// nginx on the second of the point's processors, which serves the images of a Shop to visitors as
/// the Shop itself has them.
final class StaticServer {
  /// What must be installed.
  static let needs: [Requirement] = [.program("nginx", package: "nginx")]

  private(set) var report: [String: Counter] = [:]
  /// Made its files, and has no visitors.
  private let shop: ShopBench
  private let service: Service
  private let exchange: Exchange

  /// - Parameter paths: what is asked for, in turn.
  init(_ point: Point, _ paths: [String]) throws {
    let shop = try ShopBench(point, paths)
    self.shop = shop
    service = try Placement.allowing([point.cpus.count > 1 ? point.cpus[1] : point.cpus[0]]) {
      try Service.nginx(serving: shop.files)
    }
    exchange = try Exchange(
      [.init(service.place.endpoint, connections: ShopBench.visitors)],
      wire: PathsProtocol(paths))
  }

  /// - Returns: the digest of all responses.
  @inline(never)
  func serve() -> UInt64 {
    let (served, visited) = (service.processorTime, ProcessorTimes.ofThread())
    let result = ShopBench.saturate(exchange, users: ShopBench.visitors)
    let each = Double(result.answered)
    report = [
      "processor time per request, nginx": Counter(
        Double(service.processorTime - served) / each, unit: .nanoseconds),
      "processor time per request, visitors": Counter(
        Double(ProcessorTimes.ofThread() - visited) / each, unit: .nanoseconds),
      "response (p99)": Counter(Double(result.latency(at: 0.99) ?? 0), unit: .nanoseconds),
    ]
    return result.digest
  }

  /// Processor nanoseconds of a request under the same load, of nginx and of the visitors.
  func demand() -> (server: Double, visitors: Double) {
    _ = serve()
    _ = serve()
    func value(_ whose: String) -> Double {
      report["processor time per request, \(whose)"]?.value ?? 0
    }
    return (value("nginx"), value("visitors"))
  }
}
