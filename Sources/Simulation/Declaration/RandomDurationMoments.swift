import Glibc

extension RandomDuration {
  /// The mean, in seconds; infinite for a Pareto shape of at most 1.
  public var mean: Double { moment(1) }

  /// The mean of the square, in seconds²; infinite for a Pareto shape of at most 2.
  public var secondMoment: Double { moment(2) }

  /// Variance ÷ mean²: 0 is constant, 1 as variable as the exponential.
  public var squaredVariation: Double { secondMoment / (mean * mean) - 1 }

  private func moment(_ order: Double) -> Double {
    switch shape {
    case .exactly(let value): pow(value, order)
    case .exponential(let mean): tgamma(1 + order) * pow(mean, order)
    case .uniform(let low, let high):
      high > low
        ? (pow(high, order + 1) - pow(low, order + 1)) / (order + 1) / (high - low)
        : pow(low, order)
    case .lognormal(let mean, let deviation):
      exp(order * mean + order * order * deviation * deviation / 2)
    case .pareto(let scale, let shape):
      shape > order ? shape * pow(scale, order) / (shape - order) : .infinity
    case .weibull(let scale, let shape): pow(scale, order) * tgamma(1 + order / shape)
    case .gamma(let scale, let shape):
      pow(scale, order) * tgamma(shape + order) / tgamma(shape)
    case .twoPhases(let first, let means):
      tgamma(1 + order) * (first * pow(means[0], order) + (1 - first) * pow(means[1], order))
    case .quantiles(let shares, let values):
      (1..<shares.count).reduce(0) { sum, place in
        let piece = Self(.uniform(low: values[place - 1], high: values[place]))
        return sum + (shares[place] - shares[place - 1]) * piece.moment(order)
      }
    case .samples(let values):
      values.reduce(0) { $0 + pow($1, order) } / Double(values.count)
    case .mixture(let shares, let parts):
      zip(shares, parts).reduce(0) { $0 + $1.0 * $1.1.moment(order) }
    }
  }

  /// Ready to be drawn from.
  func sampler(_ tables: Tables) -> Sampler {
    switch shape {
    case .exactly(let value): Sampler(kind: .exactly, a: value)
    case .exponential(let mean): Sampler(kind: .exponential, a: mean)
    case .uniform(let low, let high): Sampler(kind: .uniform, a: low, b: high)
    case .lognormal(let mean, let deviation): Sampler(kind: .lognormal, a: mean, b: deviation)
    case .pareto(let scale, let shape): Sampler(kind: .pareto, a: scale, b: shape)
    case .weibull(let scale, let shape): Sampler(kind: .weibull, a: scale, b: shape)
    case .gamma(let scale, let shape): Sampler(kind: .gamma, a: scale, b: shape)
    case .twoPhases(let first, let means):
      Sampler(kind: .twoPhases, a: first, b: means[0], c: means[1])
    case .quantiles(let shares, let values):
      Sampler(
        kind: .quantiles, shares: tables.keep(shares), values: tables.keep(values),
        count: shares.count)
    case .samples(let values):
      Sampler(kind: .samples, values: tables.keep(values), count: values.count)
    case .mixture(let shares, let parts):
      Sampler(
        kind: .mixture, shares: tables.keep(cumulative(shares)),
        parts: tables.keep(parts.map { $0.sampler(tables) }), count: parts.count)
    }
  }

  private func cumulative(_ shares: [Double]) -> [Double] {
    var sum = 0.0
    return shares.map { share in
      sum += share
      return sum
    }
  }
}

extension RandomDuration: CustomStringConvertible {
  /// In words, for diagrams: *exponential, 5 ms*.
  public var description: String {
    switch shape {
    case .exactly(let value): inUnits(value)
    case .exponential(let mean): "exponential, \(inUnits(mean))"
    case .uniform(let low, let high): "\(inUnits(low)) to \(inUnits(high))"
    case .lognormal: "lognormal, \(inUnits(mean))"
    case .pareto: "Pareto, \(inUnits(mean))"
    case .weibull: "Weibull, \(inUnits(mean))"
    case .gamma: "gamma, \(inUnits(mean))"
    case .twoPhases: "hyperexponential, \(inUnits(mean))"
    case .quantiles, .samples, .mixture: "mean \(inUnits(mean))"
    }
  }
}

/// A duration of so many seconds in a unit that keeps it short.
func inUnits(_ seconds: Double) -> String {
  let units = [(1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")]
  guard seconds > 0, seconds.isFinite else { return seconds == 0 ? "0 s" : "∞ s" }
  let (scale, name) = units.first { seconds >= $0.0 * 0.9995 } ?? units[3]
  return "\(threeDigits(seconds / scale)) \(name)"
}

/// A number with three significant digits, without zeros at its end.
func threeDigits(_ value: Double) -> String { significant(value, digits: 3) }

/// A number with so many significant digits, without zeros at its end.
func significant(_ value: Double, digits: Int) -> String {
  guard value.isFinite else { return "\(value)" }
  guard value != 0 else { return "0" }
  let decimals = max(0, digits - 1 - Int(log10(abs(value)).rounded(.down)))
  let scale = pow(10, Double(decimals))
  let rounded = (value * scale).rounded() / scale
  return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
}
