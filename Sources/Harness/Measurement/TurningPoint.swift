import Results
import Statistics

/// Where a result turns as one input moves: there baseline and candidate are even.
enum TurningPoint {
  /// A value of the input, and the logarithm of how much better the candidate is there.
  struct Place {
    var x: Double
    var gain: Double
  }

  /// The value at which the gain changes its sign; nil where it has one sign at all places.
  /// - Parameters:
  ///   - places: ascending.
  ///   - steps: halvings between the two places; then the gain is taken as linear.
  static func between<Failure: Error>(
    _ places: [Place], steps: Int, gain: (_ x: Double) throws(Failure) -> Double
  ) throws(Failure) -> Double? {
    guard
      let index = places.indices.dropFirst().first(where: {
        (places[$0 - 1].gain > 0) != (places[$0].gain > 0)
      })
    else { return nil }
    var (low, high) = (places[index - 1], places[index])
    for _ in 0..<steps {
      let x = (low.x + high.x) / 2
      let middle = Place(x: x, gain: try gain(x))
      if (middle.gain > 0) == (low.gain > 0) { low = middle } else { high = middle }
    }
    let share = low.gain / (low.gain - high.gain)
    return share.isFinite ? low.x + share * (high.x - low.x) : low.x
  }
}

extension Decider {
  /// Of the ratio's logarithm: what moves it less does not move it.
  static let least = 0.005

  /// By how far an input moves the ratio; those that do not move it are left out.
  static func sorted(_ deciders: [Decider]) -> [Decider] {
    func span(_ decider: Decider) -> Double {
      abs(naturalLogarithm(decider.ratioAtHigh / decider.ratioAtLow))
    }
    return deciders.filter { span($0) > least && span($0).isFinite }
      .sorted { span($0) > span($1) }
  }
}
