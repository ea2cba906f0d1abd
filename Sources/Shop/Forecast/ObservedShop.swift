import Platform
import Systems

/// A Shop in a process of its own, and what its requests cost there: the visitors' own work, and what
/// they leave in this process's caches and heap, is not the Shop's.
final class ObservedShop {
  private let copy: ShopCopy
  private let demands: DemandLog

  /// - Parameter seconds: after which it is killed anyway.
  /// - Throws: `SystemError`, as `ShopCopy`.
  init(_ settings: ShopSettings, seconds: UInt32) throws(SystemError) {
    var settings = settings
    demands = try DemandLog()
    settings.demands = demands
    copy = try ShopCopy(settings, seconds: seconds)
  }

  /// Where it listens.
  var endpoint: Endpoint { copy.endpoint }

  /// Nanoseconds of processor time that it has used so far.
  var processorTime: UInt64 { copy.processorTime }

  /// What requests have cost since the last call. Nobody may ask it for anything meanwhile.
  func takeDemands() -> [RequestDemand] { demands.taken() }
}
