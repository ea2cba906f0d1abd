/// Gunther's universal scalability law: what n users of something get done per second,
/// `first · n ÷ (1 + contention · (n − 1) + coherence · n (n − 1))`.
///
/// Source: Gunther, *A Simple Capacity Model of Massively Parallel Transaction Systems*, CMG 1993.
public struct ScalabilityLaw: Sendable, Equatable {
  /// What one gets done per second.
  public let first: Double
  /// The share of the work that only one can do at a time (σ).
  public let contention: Double
  /// What each pair costs, as a share of the work of one (κ).
  public let coherence: Double

  /// A law with known coefficients.
  public init(first: Double, contention: Double, coherence: Double) {
    self.first = first
    self.contention = contention
    self.coherence = coherence
  }

  /// The law through three points: n ÷ X(n) is a quadratic in n.
  /// - Parameter points: n and what they get done per second; three different n.
  /// - Returns: nil where two n are equal or nothing is done.
  public init?(through points: [(count: Double, rate: Double)]) {
    guard points.count == 3, points.allSatisfy({ $0.rate > 0 && $0.count > 0 }) else { return nil }
    let (x, y) = (points.map(\.count), points.map { $0.count / $0.rate })
    guard x[0] != x[1], x[1] != x[2], x[0] != x[2] else { return nil }
    // Newton's divided differences.
    let slope = (y[1] - y[0]) / (x[1] - x[0])
    let square = ((y[2] - y[1]) / (x[2] - x[1]) - slope) / (x[2] - x[0])
    let linear = slope - square * (x[0] + x[1])
    let constant = y[0] - linear * x[0] - square * x[0] * x[0]
    // The same quadratic as single + (linear + square) (n − 1) + square · n (n − 1).
    let single = constant + linear + square
    guard single > 0 else { return nil }
    self.init(
      first: 1 / single, contention: (linear + square) / single, coherence: square / single)
  }

  /// What so many get done per second.
  public func rate(_ count: Double) -> Double {
    let slowed = 1 + contention * (count - 1) + coherence * count * (count - 1)
    return slowed > 0 ? first * count / slowed : .infinity
  }

  /// The number that gets most done; infinite where more always help.
  public var best: Double {
    coherence > 0 ? (max(0, 1 - contention) / coherence).squareRoot() : .infinity
  }
}
