import Statistics

/// Streams that carry equal parts of a transfer over a link that loses packets at random, round trip
/// by round trip: what Reno says, and nothing of what a kernel does.
struct RenoStreams {
  /// Seconds.
  let roundTrip, secondsPerSegment: Double
  /// Of each segment to be lost.
  let loss: Double
  /// Segments of each stream before its part, which leave it a window.
  let warmUp: Int

  /// In the mean of so many transfers.
  private static let transfers = 40

  /// Seconds from a request to the last byte of the slowest stream.
  func seconds(segments: Int, streams: Int, seed: UInt64) -> Double {
    var random = SeededGenerator(seed: seed)
    let sum = (0..<Self.transfers).reduce(0.0) { sum, _ in
      let slowest = (0..<streams).reduce(0.0) { slowest, _ in
        var stream = Stream()
        let part = (segments + streams - 1) / streams
        _ = seconds(of: min(part, warmUp), over: &stream, &random)
        return max(slowest, seconds(of: part, over: &stream, &random))
      }
      return sum + slowest
    }
    return sum / Double(Self.transfers)
  }

  /// In segments: ten at the beginning (RFC 6928), twice as many after each round trip until the
  /// first loss, one more from then on; half after a loss.
  private struct Stream {
    var window = 10.0
    var threshold = Double.infinity
  }

  private func seconds(
    of segments: Int, over stream: inout Stream, _ random: inout SeededGenerator
  ) -> Double {
    var (left, seconds) = (segments, roundTrip)
    while left > 0 {
      let sent = min(left, Int(stream.window))
      let lost = (0..<sent).filter { _ in Double.random(in: 0..<1, using: &random) < loss }
      left -= sent - lost.count
      let sending = Double(sent) * secondsPerSegment
      // Nobody waits for the last segments' acknowledgements.
      seconds += left > 0 ? max(roundTrip, sending) : sending
      if !lost.isEmpty {
        stream.threshold = max(2, stream.window / 2)
        stream.window = stream.threshold
      } else {
        stream.window = stream.window < stream.threshold ? 2 * stream.window : stream.window + 1
      }
    }
    return seconds
  }
}
