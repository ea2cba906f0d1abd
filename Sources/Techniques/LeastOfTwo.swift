/// Chooses a server by comparing two that are drawn at random, and taking the less loaded one.
///
/// One comparison is nearly as good as a look at all servers, and unlike that it does not send all
/// clients with the same stale information to the same server.
///
/// Source: Mitzenmacher, *The Power of Two Choices in Randomized Load Balancing*, IEEE TPDS 12(10),
/// 2001.
public enum LeastOfTwo {
  /// The index of a server; the first one drawn where both are equally loaded.
  /// - Parameters:
  ///   - count: servers; at least one.
  ///   - load: of a server, such as its outstanding requests.
  public static func choose<Load: Comparable, Random: RandomNumberGenerator>(
    among count: Int, using random: inout Random, load: (Int) -> Load
  ) -> Int {
    let first = Int.random(in: 0..<count, using: &random)
    guard count > 1 else { return first }
    // Two different ones: all others are equally likely.
    var second = Int.random(in: 0..<count - 1, using: &random)
    if second >= first { second += 1 }
    return load(second) < load(first) ? second : first
  }
}
