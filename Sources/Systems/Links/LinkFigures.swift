import Glibc

/// What a link did when it was checked.
public struct LinkFigures: Sendable {
  /// The shortest ways there and back of small datagrams together, in nanoseconds.
  public let roundTrip: Int
  /// Bits per second of a burst of full packets in each direction; nil where no rate was set.
  public let rate: (there: Double?, back: Double?)
  /// The share of packets that were lost in each direction.
  public let loss: (there: Double, back: Double)
}

/// A link that does not do what it should.
public struct LinkFault: Error, Equatable, CustomStringConvertible {
  /// `the link's round trip is 43.1 ms instead of 40 ms`
  public let description: String
}

extension Link {
  /// Of two attempts, what was less disturbed.
  func nearer(_ one: LinkFigures, _ other: LinkFigures) -> LinkFigures {
    func nearer(_ a: Double?, _ b: Double?, _ wanted: Double?) -> Double? {
      guard let a, let b, let wanted else { return a ?? b }
      return abs(a - wanted) <= abs(b - wanted) ? a : b
    }
    return LinkFigures(
      roundTrip: min(one.roundTrip, other.roundTrip),
      rate: (
        nearer(one.rate.there, other.rate.there, there.rate),
        nearer(one.rate.back, other.rate.back, back.rate)
      ),
      loss: other.loss)
  }

  /// Compares what was measured with what the link should do.
  /// - Throws: `LinkFault` where the round trip is off by more than 5% and 0.2 ms, the rate by more
  ///   than 5%, or losses are outside what chance explains.
  func compare(_ figures: LinkFigures, _ counts: (there: PathCounts, back: PathCounts))
    throws(LinkFault)
  {
    let wanted = roundTrip
    let tolerance = max(wanted / 20, 200_000)
    let jitter = there.jitter + back.jitter
    guard (wanted - tolerance...wanted + jitter + tolerance).contains(figures.roundTrip) else {
      throw LinkFault(
        description: "the link's round trip is \(Self.milliseconds(figures.roundTrip)) instead of "
          + Self.milliseconds(wanted))
    }
    let paths = [
      (there, counts.there, figures.rate.there), (back, counts.back, figures.rate.back),
    ]
    for (path, counts, rate) in paths {
      if let wanted = path.rate, abs((rate ?? 0) / wanted - 1) > 0.05 {
        throw LinkFault(
          description: "the link carries "
            + (rate.map { Self.megabits($0) } ?? "too few packets to measure its rate")
            + " instead of \(Self.megabits(wanted))")
      }
      try path.compare(counts)
    }
  }

  private static func milliseconds(_ nanoseconds: Int) -> String {
    "\(Double(nanoseconds / 10_000) / 100) ms"
  }

  private static func megabits(_ rate: Double) -> String {
    "\((rate / 1e4).rounded() / 100) Mbit/s"
  }
}

extension LinkPath {
  /// Compares the counts of a check, in which the queue had room.
  fileprivate func compare(_ counts: PathCounts) throws(LinkFault) {
    let packets = Double(counts[.offered])
    let deviation = (packets * loss * (1 - loss)).squareRoot()
    guard abs(Double(counts[.lost]) - packets * loss) <= 4 * deviation + (loss > 0 ? 1 : 0) else {
      throw LinkFault(
        description: "the link lost \(counts[.lost]) of \(counts[.offered]) packets, "
          + "with a probability of \(loss)")
    }
    guard counts[.dropped] == 0, counts[.refused] == 0 else {
      throw LinkFault(
        description:
          "the link dropped \(counts[.dropped] + counts[.refused]) of \(counts[.offered]) "
          + "packets although its queue had room")
    }
    guard counts[.largest] <= Self.largestPacket else {
      throw LinkFault(
        description: "the link carries packets of \(counts[.largest]) bytes: several in one")
    }
  }
}
