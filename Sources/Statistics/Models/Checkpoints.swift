/// How often to save the state of work that can be interrupted. All times are in one unit.
public enum Checkpoints {
  /// The interval by the first-order rule.
  ///
  /// Source: Young, *A First Order Approximation to the Optimum Checkpoint Interval*, CACM 17(9),
  /// 1974.
  public static func young(cost: Double, betweenFailures: Double) -> Double {
    (2 * cost * betweenFailures).squareRoot()
  }

  /// The interval by the higher-order rule; the time between failures where a checkpoint takes more
  /// than half of that.
  ///
  /// Source: Daly, *A higher order estimate of the optimum checkpoint interval for restart dumps*,
  /// Future Generation Computer Systems 22, 2006, equation 37.
  public static func daly(cost: Double, betweenFailures: Double) -> Double {
    guard cost < 2 * betweenFailures else { return betweenFailures }
    let part = cost / (2 * betweenFailures)
    return young(cost: cost, betweenFailures: betweenFailures)
      * (1 + part.squareRoot() / 3 + part / 9) - cost
  }

  /// The time that a unit of work takes, with checkpoints, lost work and restarts, where failures
  /// are a Poisson process.
  ///
  /// Source: Daly 2006, equation 20.
  public static func slowdown(
    interval: Double, cost: Double, restart: Double, betweenFailures: Double
  ) -> Double {
    betweenFailures * exponential(restart / betweenFailures)
      * (exponential((interval + cost) / betweenFailures) - 1) / interval
  }
}
