/// Whether a canary fails more often than the baseline beside it, looked at as often as one likes.
///
/// Each error falls to the canary with the probability that is its share of the requests, whatever
/// the rate of errors does meanwhile, if both are alike. The evidence is the likelihood ratio of
/// canaries that fail so and so many times as often, averaged over these; a canary that is alike
/// reaches 1 ÷ risk with at most that risk, at any time (Ville's inequality).
///
/// It takes errors as independent: of a burst that belongs to one user, count one.
///
/// Source: Lindon and Malek, *Anytime-Valid Inference for Multinomial Count Data*, NeurIPS 2022;
/// Johari, Pekelis and Walsh, *Always Valid Inference*, Operations Research 70(3), 2022.
public struct ErrorSplitTest: Sendable {
  /// How many times as often a canary may fail, as evidence is averaged over.
  public static let worse = [1.25, 1.5, 2, 3, 5, 10, 30, 100]

  private let null: Double
  private let alternatives: [Double]
  private var logs: [Double]
  /// The highest evidence so far.
  public private(set) var highest = 1.0

  /// - Parameters:
  ///   - alternatives: what is looked for, as multiples of the baseline's rate of errors.
  ///   - null: what is to be refuted, as such a multiple: all that are farther from the alternatives
  ///     are refuted with it.
  public init(for alternatives: [Double] = ErrorSplitTest.worse, against null: Double = 1) {
    precondition(!alternatives.isEmpty && null > 0, "there is nothing to compare")
    self.alternatives = alternatives
    self.null = null
    logs = alternatives.map { _ in 0 }
  }

  /// Evidence for a canary that is as good as the baseline, against one that fails at least so many
  /// times as often.
  public static func health(within margin: Double) -> ErrorSplitTest {
    ErrorSplitTest(for: [1], against: margin)
  }

  /// Adds errors that came while the canary had a share of the requests.
  /// - Parameter share: between 0 and 1, both excluded.
  public mutating func add(canary: Int, baseline: Int, share: Double) {
    precondition(share > 0 && share < 1, "both must get requests")
    let nullWeight = null * share + 1 - share
    for (index, factor) in alternatives.enumerated() {
      let weight = factor * share + 1 - share
      let split = naturalLogarithm(nullWeight / weight)
      logs[index] +=
        Double(canary + baseline) * split + Double(canary) * naturalLogarithm(factor / null)
    }
    highest = max(highest, evidence)
  }

  /// What has come together so far; 1 at first.
  public var evidence: Double { logs.map(exponential).mean() }

  /// Whether it has refuted the null at any time so far.
  public func hasRefuted(at risk: Double) -> Bool { highest >= 1 / risk }
}
