/// One-way latencies of stores in production, as fitted by Bailis et al., *Probabilistically Bounded
/// Staleness for Practical Partial Quorums*, VLDB 2012, table 3.
extension StoreLatency {
  /// LinkedIn's store on flash.
  public static let flash = StoreLatency(writes: shortTail, others: shortTail)
  /// LinkedIn's store on spinning disks: writes wait for them.
  public static let disk = StoreLatency(
    writes: mixed(0.38, pareto: 1.05, 1.51, rate: 0.183), others: shortTail)
  /// Yammer's store, over a wide range of machines.
  public static let yammer = StoreLatency(
    writes: mixed(0.939, pareto: 3, 3.35, rate: 0.0028),
    others: mixed(0.982, pareto: 1.5, 3.8, rate: 0.0217))

  private static let shortTail = mixed(0.9122, pareto: 0.235, 10, rate: 1.66)

  private init(writes: RandomDuration, others: RandomDuration) {
    self.init(write: writes, acknowledgement: others, read: others, response: others)
  }

  /// A Pareto body and an exponential tail. Scale and mean are in milliseconds.
  private static func mixed(
    _ share: Double, pareto scale: Double, _ shape: Double, rate: Double
  ) -> RandomDuration {
    .mixture([
      (share, .pareto(scale: .milliseconds(scale), shape: shape)),
      (1 - share, .exponential(mean: .milliseconds(1 / rate))),
    ])
  }
}
