import Simulation
import Statistics

/// Operational laws, which hold for what was measured without assumptions on distributions.
///
/// Source: Denning and Buzen, *The Operational Analysis of Queueing Network Models*, ACM Computing
/// Surveys 10(3), 1978.
public enum Laws {
  /// Little's law: what is under way on average.
  /// - Parameters:
  ///   - rate: per second.
  ///   - seconds: that each stays.
  public static func underWay(rate: Double, seconds: Double) -> Double { rate * seconds }

  /// The utilisation law: the seconds of a resource that a request needs.
  /// - Parameters:
  ///   - utilisation: 0 to 1, of all of its servers.
  ///   - servers: of the resource.
  ///   - rate: requests per second.
  public static func demand(utilisation: Double, servers: Double, rate: Double) -> Double {
    rate > 0 ? utilisation * servers / rate : 0
  }

  /// How much shorter a response becomes when a share of its work goes away.
  ///
  /// The wait for a place shrinks as in M/G/1, where all service times shrink alike: with their square,
  /// and with the utilisation (Pollaczek and Khinchine). Near its limit and beyond it a queue has not
  /// yet the length that it will have: there M/M/c says how much of it remains.
  /// - Parameters:
  ///   - share: of the work, 0 to 1.
  ///   - work: seconds that a request keeps its place.
  ///   - wait: seconds that it waits for one.
  ///   - rate: requests that come per second.
  ///   - places: requests that are served at a time.
  public static func gain(
    removing share: Double, work: Double, wait: Double, rate: Double, places: Int
  ) -> Gain {
    let left = 1 - min(0.98, max(0, share))
    let rest = work * left
    let busy = underWay(rate: rate, seconds: work) / Double(places)
    let shorter =
      busy < 0.95
      ? wait * left * left * (1 - busy) / (1 - busy * left)
      : min(wait, rest * Erlang.meanWait(servers: places, load: busy * left * Double(places)))
    let all = work + wait
    return Gain(expected: all / (rest + shorter), range: all / (rest + wait)...all / rest)
  }

  /// The same where only the utilisation of the busiest resource is known: at least no queue becomes
  /// shorter, at most its own by the same share of its load (open, one queue).
  /// - Parameters:
  ///   - share: of the response time, 0 to 1.
  ///   - utilisation: of the busiest resource, 0 to 1.
  public static func gain(removing share: Double, utilisation: Double) -> Gain {
    let share = min(0.98, max(0, share))
    let busy = min(0.97, max(0, utilisation))
    let without = 1 / (1 - share)
    let with = max(without, (1 - busy * (1 - share)) / ((1 - share) * (1 - busy)))
    return Gain(expected: (without * with).squareRoot(), range: without...with)
  }

  /// Response time and throughput of a closed system, by mean value analysis.
  /// - Parameters:
  ///   - users: who each think and then wait.
  ///   - demands: seconds of each station.
  public static func closed(
    users: Int, think: Double, demands: [Double]
  ) -> (throughput: Double, response: Double) {
    Queueing.closedNetwork(users: users, think: think, demands: demands)
  }

  /// The most requests per second, and the users up to which they hardly wait (the knee).
  public static func bounds(think: Double, demands: [Double]) -> (rate: Double, knee: Double) {
    let most = demands.max() ?? 0
    guard most > 0 else { return (.infinity, .infinity) }
    return (1 / most, (demands.reduce(0, +) + think) / most)
  }
}
