/// How many ratios of independent processes lie below their true median, where a process has one
/// ratio for each of its baselines.
///
/// If a candidate and b baselines are alike, the candidate is as likely the lowest as the second
/// lowest, and so on to the highest: 0, 1, … or b of the process's ratios lie below the median, each
/// with probability 1 ÷ (b + 1). With one baseline that is a fair coin.
struct RankCounts {
  let processes: Int
  let baselines: Int

  /// The probability that at most so many of all ratios lie below.
  func atMost(_ count: Int) -> Double {
    guard count >= 0 else { return 0 }
    // The coefficients of (1 + x + … + xᵇ)ⁿ ÷ (b + 1)ⁿ, each from the b before it. They start from
    // (b + 1)⁻ⁿ; below some six hundred processes nothing underflows to zero that counts.
    var term = 1.0
    for _ in 0..<processes { term /= Double(baselines + 1) }
    var terms = [term]
    for k in stride(from: 1, through: Swift.min(count, processes * baselines), by: 1) {
      let steps = 1...Swift.min(baselines, k)
      let sum = steps.reduce(0) { $0 + Double((processes + 1) * $1 - k) * terms[k - $1] }
      terms.append(sum / Double(k))
    }
    return Swift.min(1, terms.reduce(0, +))
  }
}
