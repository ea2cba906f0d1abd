/// Chooses the least loaded of all servers, as a balancer does that all requests pass.
///
/// Several balancers that know the same old loads would all choose the same server; they compare two
/// (`LeastOfTwo`).
public enum LeastLoaded {
  /// The index of a server; of equally loaded ones the first from a random place on.
  /// - Parameters:
  ///   - count: servers; at least one.
  ///   - load: of a server, such as its outstanding requests.
  public static func choose<Load: Comparable, Random: RandomNumberGenerator>(
    among count: Int, using random: inout Random, load: (Int) -> Load
  ) -> Int {
    let start = Int.random(in: 0..<count, using: &random)
    var best = start
    for step in 0..<count {
      let server = (start + step) % count
      if load(server) < load(best) { best = server }
    }
    return best
  }
}
