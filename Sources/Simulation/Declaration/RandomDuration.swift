import Glibc

/// How long something takes: a probability distribution of durations.
///
///     .exponential(mean: .milliseconds(5))
///     .mixture([(0.99, .exactly(.milliseconds(1))), (0.01, .uniform(.seconds(1), .seconds(2)))])
///
/// `mean` and `secondMoment` are exact, for closed forms beside a simulation.
public struct RandomDuration: Hashable, Sendable {
  indirect enum Shape: Hashable, Sendable {
    case exactly(Double)
    case exponential(mean: Double)
    case uniform(low: Double, high: Double)
    case lognormal(mean: Double, deviation: Double)
    case pareto(scale: Double, shape: Double)
    case weibull(scale: Double, shape: Double)
    case gamma(scale: Double, shape: Double)
    case twoPhases(first: Double, means: [Double])
    case quantiles(shares: [Double], values: [Double])
    case samples([Double])
    case mixture(shares: [Double], [RandomDuration])
  }

  let shape: Shape

  init(_ shape: Shape) { self.shape = shape }

  /// Always the same.
  public static func exactly(_ value: Duration) -> Self { Self(.exactly(value.inSeconds)) }

  /// No time at all.
  public static let none = Self(.exactly(0))

  /// Exponential.
  public static func exponential(mean: Duration) -> Self {
    Self(.exponential(mean: mean.inSeconds))
  }

  /// Uniform between two durations.
  public static func uniform(_ low: Duration, _ high: Duration) -> Self {
    Self(.uniform(low: low.inSeconds, high: high.inSeconds))
  }

  /// Lognormal.
  /// - Parameter squaredVariation: variance ÷ mean²: 1 is as variable as the exponential.
  public static func lognormal(mean: Duration, squaredVariation: Double) -> Self {
    let variance = log(1 + squaredVariation)
    return Self(
      .lognormal(mean: log(mean.inSeconds) - variance / 2, deviation: variance.squareRoot()))
  }

  /// Pareto: longer than x with probability (scale ÷ x)^shape, never shorter than `scale`.
  public static func pareto(scale: Duration, shape: Double) -> Self {
    Self(.pareto(scale: scale.inSeconds, shape: shape))
  }

  /// Weibull: longer than x with probability e^−(x ÷ scale)^shape.
  public static func weibull(scale: Duration, shape: Double) -> Self {
    Self(.weibull(scale: scale.inSeconds, shape: shape))
  }

  /// Gamma.
  public static func gamma(mean: Duration, squaredVariation: Double) -> Self {
    Self(.gamma(scale: mean.inSeconds * squaredVariation, shape: 1 / squaredVariation))
  }

  /// Erlang: the sum of `phases` exponential durations, steadier than one.
  public static func erlang(phases: Int, mean: Duration) -> Self {
    gamma(mean: mean, squaredVariation: 1 / Double(phases))
  }

  /// Hyperexponential: one of two exponential durations, with equal shares of the total time.
  /// - Parameter squaredVariation: variance ÷ mean², at least 1.
  public static func hyperexponential(mean: Duration, squaredVariation: Double) -> Self {
    let spread = ((squaredVariation - 1) / (squaredVariation + 1)).squareRoot()
    let first = (1 + spread) / 2
    let half = mean.inSeconds / 2
    return Self(.twoPhases(first: first, means: [half / first, half / (1 - first)]))
  }

  /// By quantiles, with straight lines between them: what a page of percentiles says.
  /// - Parameter points: shares from 0 to 1 with their durations, both ascending.
  public static func quantiles(_ points: [(share: Double, value: Duration)]) -> Self {
    precondition(points.count > 1, "a distribution by quantiles needs at least two")
    precondition(
      points.first!.share == 0 && points.last!.share == 1, "quantiles go from share 0 to 1")
    return Self(
      .quantiles(shares: points.map(\.share), values: points.map(\.value.inSeconds)))
  }

  /// One of the samples, each as likely as the others.
  public static func samples(_ values: [Duration]) -> Self {
    precondition(!values.isEmpty, "there are no samples")
    return Self(.samples(values.map(\.inSeconds)))
  }

  /// One of several, by weight.
  public static func mixture(_ parts: [(weight: Double, of: RandomDuration)]) -> Self {
    precondition(!parts.isEmpty, "a mixture has parts")
    let whole = parts.reduce(0) { $0 + $1.weight }
    return Self(.mixture(shares: parts.map { $0.weight / whole }, parts.map(\.of)))
  }
}

extension Duration {
  /// As a number of seconds.
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
