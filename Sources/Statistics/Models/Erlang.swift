/// Erlang's formulas for `servers` that are offered `load` erlangs (arrival rate × service time).
///
/// Source: Erlang, *Solution of some problems in the theory of probabilities of significance in
/// automatic telephone exchanges*, 1917.
public enum Erlang {
  /// The share of requests that find all servers busy and are lost (Erlang B, M/M/c/c; any service
  /// time).
  public static func blocking(servers: Int, load: Double) -> Double {
    guard load > 0 else { return 0 }
    var blocked = 1.0
    for count in 0..<max(0, servers) {
      blocked = load * blocked / (Double(count + 1) + load * blocked)
    }
    return blocked
  }

  /// The share of requests that have to wait (Erlang C, M/M/c); 1 where the load is too high.
  public static func waiting(servers: Int, load: Double) -> Double {
    let busy = load / Double(servers)
    guard busy < 1 else { return 1 }
    let blocked = blocking(servers: servers, load: load)
    return blocked / (1 - busy * (1 - blocked))
  }

  /// The mean wait in service times (M/M/c); infinite where the load is too high.
  public static func meanWait(servers: Int, load: Double) -> Double {
    load < Double(servers)
      ? waiting(servers: servers, load: load) / (Double(servers) - load) : .infinity
  }

  /// The wait in service times that a share of the requests does not exceed (M/M/c); 0 where that
  /// share does not wait.
  public static func wait(at share: Double, servers: Int, load: Double) -> Double {
    let waits = waiting(servers: servers, load: load)
    return max(0, naturalLogarithm(waits / (1 - share)) / (Double(servers) - load))
  }

  /// The fewest servers at which at most this share of requests is lost.
  public static func servers(load: Double, blocking most: Double) -> Int {
    var (count, blocked) = (0, 1.0)
    while blocked > most, count < 1_000_000 {
      blocked = load * blocked / (Double(count + 1) + load * blocked)
      count += 1
    }
    return count
  }

  /// The fewest servers at which at most this share of requests waits.
  public static func servers(load: Double, waiting most: Double) -> Int {
    var count = max(1, Int(load.rounded(.down)) + 1)
    while waiting(servers: count, load: load) > most, count < 1_000_000 { count += 1 }
    return count
  }
}
