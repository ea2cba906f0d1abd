/// When a request is sent a second time, to another server: after so long that only a few of the
/// requests have no answer yet.
///
/// The delay is a percentile of the latest latencies. With the 95th, hedging adds at most about 5%
/// of the load, and a slow answer counts only where both are slow.
///
///     var hedge = HedgeDelay(percentile: 0.95)
///     hedge.record(latency)
///     if waited > hedge.nanoseconds { sendToAnother() }
///
/// For one thread at a time.
///
/// Source: Dean and Barroso, *The Tail at Scale*, Communications of the ACM 56(2), 2013.
public struct HedgeDelay: Sendable {
  /// The share of latencies that the delay exceeds.
  public let percentile: Double
  /// The delay; the initial one until there are enough latencies.
  public private(set) var nanoseconds: UInt64
  private var latencies: [UInt64] = []
  private var next = 0
  private var sinceUpdate = 0

  private static let window = 512
  private static let step = 64

  /// - Parameters:
  ///   - percentile: 0.95 for the 95th.
  ///   - initial: nanoseconds, before any latency is known.
  public init(percentile: Double = 0.95, initial: UInt64) {
    self.percentile = percentile
    nanoseconds = initial
    latencies.reserveCapacity(Self.window)
  }

  /// A request was answered after so many nanoseconds. One in 64 calls sorts the latest 512.
  public mutating func record(_ latency: UInt64) {
    if latencies.count < Self.window {
      latencies.append(latency)
    } else {
      latencies[next] = latency
      next = (next + 1) % Self.window
    }
    sinceUpdate += 1
    guard sinceUpdate == Self.step else { return }
    sinceUpdate = 0
    let rank = Int((percentile * Double(latencies.count)).rounded(.up))
    nanoseconds = latencies.sorted()[max(1, min(rank, latencies.count)) - 1]
  }
}
