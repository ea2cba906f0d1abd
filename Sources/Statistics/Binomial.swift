/// The number of heads among `trials` throws of a fair coin.
///
/// Which is how many of so many processes lie below the true median.
struct FairCoin {
  let trials: Int

  /// The probability of at most `heads` heads.
  func atMost(_ heads: Int) -> Double {
    guard heads >= 0 else { return 0 }
    // Starts from 2⁻ⁿ; below some thousand trials nothing underflows to zero that counts.
    var term = 1.0
    for _ in 0..<trials { term /= 2 }
    var sum = term
    for k in stride(from: 1, through: Swift.min(heads, trials), by: 1) {
      term *= Double(trials - k + 1) / Double(k)
      sum += term
    }
    return Swift.min(1, sum)
  }
}
