import Glibc
import Platform
import Statistics
import Systems

/// A prediction of a Shop's capacity and response times by the simulator, and the same Shop measured
/// afterwards: the bridge between the two.
public struct ShopForecast: Sendable {
  /// A share of the capacity, and the response times there in seconds.
  public struct Load: Sendable {
    /// Of the predicted capacity.
    public let share: Double
    /// Requests per second.
    public let rate: Double
    /// As the simulator says.
    public let predicted: (median: Double, p99: Double)
    /// As measured, over windows.
    public let measured: (median: ConfidenceInterval, p99: ConfidenceInterval)
    /// As the simulator says where it is given what requests demanded at this very load.
    public let explained: (median: Double, p99: Double)
    /// What they demanded on average, as `ShopModel.demand`.
    public let demand: (cpu: Double, writeWait: Double)
    /// Of requests, those without a good response.
    public let failedShare: Double
    /// The generator's own delay that 99% of its requests did not exceed.
    public let lateness: Double
    /// Windows in which something else on the machine delayed the generator: as many others were taken
    /// instead where there were enough.
    public let disturbed: Int
    /// The share of time that other programs, the kernel's own threads and other guests of the
    /// hypervisor had the Shop's processors.
    public let others: Double
  }

  /// What the model was made of.
  public let model: ShopModel
  /// Processor seconds of a request: of one visitor, of several, and at the capacity.
  public let cpu: (alone: Double, crowded: Double, saturated: Double)
  /// Requests per second.
  public let capacity: (predicted: Double, measured: ConfidenceInterval)
  /// The share of time that the Shop's processors were busy at the measured capacity.
  public let busy: Double
  /// By load, ascending.
  public let loads: [Load]

  /// How it is done.
  public struct Plan: Sendable {
    /// Of the Shop that is opened for it.
    public var settings: ShopSettings
    /// What visitors do.
    public var mix = SessionMix.shopping
    /// Seconds of a window, of which there are several.
    public var seconds = 1.0
    /// Windows for each figure.
    public var windows = 9
    /// Of the predicted capacity.
    public var shares = [0.3, 0.6, 0.9]
    /// Visitors: so many that one is free when a request is due, unless a tenth of a second's
    /// requests wait.
    public var visitors = 256

    /// Seconds that all of it takes at most.
    var longest: UInt32 {
      let windows = Double(3 * shares.count + 2) * Double(windows + 1) + 20
      return UInt32(min(86_400, 60 + Double(visitors) / 2 + 4 * seconds * windows))
    }

    /// - Parameter settings: with the processors of the Shop; the visitors have the caller's.
    public init(_ settings: ShopSettings) { self.settings = settings }
  }

  /// Opens a Shop, measures its demands, predicts, and then loads it. Ends between two windows after
  /// an interrupt that is caught (`Interrupt`).
  /// - Parameter report: what is done next.
  /// - Throws: `LoadError`; `SystemError` where the Shop does not start, which says why on the standard
  ///   error.
  public init(_ plan: Plan, report: (String) -> Void) throws {
    report("visitors settle")
    var settings = plan.settings
    // Whatever expires while it is loaded is computed anew, more often at a light load.
    settings.cacheLifetime = UInt64(plan.longest) * 1_000_000_000
    // One Shop for all of it: another one would begin with empty caches.
    let shop = try ObservedShop(settings, seconds: plan.longest)
    let crowd = try Crowd(plan.visitors, at: shop, plan.mix, settings.data)
    try Crowd.fillCache(shop, settings.data)
    try crowd.settle()
    report("demands of a request")
    let processors = settings.cpus?.count ?? 1
    let demands = try MixDemands(
      of: crowd, shares: plan.shares, processors: processors, seconds: 8 * plan.seconds)
    let model = ShopModel(demands, processors: processors, workers: settings.workers)
    self.model = model
    let predicted = model.capacity
    report("predicted: \(Int(predicted)) requests per second")

    // At once: the speed of a machine that others share changes from minute to minute.
    let loaded = LoadedShop(crowd, plan)
    report("capacity")
    let saturated = try loaded.saturate()
    capacity = (predicted, saturated.rate)
    cpu = (demands.alone, demands.crowded, saturated.cpu)
    busy = saturated.busy
    loads = try plan.shares.map { share in
      let times = model.window(at: share * predicted, of: plan.seconds)
      report("\(Int(100 * share))% of it")
      return try loaded.load(share, rate: share * predicted, times, by: model)
    }
  }
}
