/// How a tier fared, from the end of the warm-up to the end of the time.
public struct TierOutcome: Equatable, Sendable {
  /// Requests that came, copies included.
  public let arrivals: Int
  /// Requests that were served.
  public let served: Int
  /// Requests that found a full queue.
  public let rejected: Int
  /// Requests that failed with their replica, or found none.
  public let failed: Int
  /// Requests that had waited too long.
  public let dropped: Int
  /// The mean wait for a place in seconds, of those that got one; those that did not wait included.
  public let meanWait: Double
  /// The share of them that waited.
  public let waitedShare: Double
  /// Requests in the tier, served and waiting, on average over time.
  public let inSystem: Double
  /// Places at work, on average over time.
  public let busy: Double
  /// Replicas that were up, on average over time.
  public let replicasUp: Double
  /// Replicas that were paid for, booting ones included, on average over time.
  public let replicasPaid: Double
  /// Replicas that were paid for at most.
  public let mostReplicas: Int
  /// Dollars.
  public let cost: Double

  /// Busy time ÷ time, of the places that were up.
  public let utilisation: Double

  init(_ counts: TierCounts, _ tier: Tier, _ seconds: Double) {
    arrivals = counts.arrivals
    served = counts.served
    rejected = counts.rejected
    failed = counts.failed
    dropped = counts.dropped
    meanWait = counts.waitSeconds / Double(max(1, counts.begun))
    waitedShare = Double(counts.waited) / Double(max(1, counts.begun))
    inSystem = counts.inSystem / seconds
    busy = counts.busy / seconds
    replicasUp = counts.up / seconds
    replicasPaid = counts.paid / seconds
    mostReplicas = max(counts.mostPaid, tier.replicas)
    cost =
      counts.paid * tier.cost.perReplicaSecond + Double(counts.arrivals) * tier.cost.perRequest
    utilisation = counts.up > 0 ? counts.busy / counts.up / Double(tier.servers) : 0
  }
}
