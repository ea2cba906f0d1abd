import Harness
import Results

extension Question {
  /// The time from a request to its response over a link, where both are small.
  /// - Parameter milliseconds: what the link delays them, there and back.
  func roundTrip(_ milliseconds: Double) throws(MissingNumber) -> Time {
    // The relay is one more hop in each direction, which sleeps and is woken as the two ends are.
    let hops = (2 * (try time("tcp.round.trip"))).named(
      "hops", because: "The relay is woken in each direction, as client and server are.")
    return .exactly(milliseconds * 1e6) + hops
  }
}

/// A response on its way over a link.
struct Transfer {
  /// Of the response.
  let bytes: Int
  /// Bits per second.
  let rate: Double

  /// Data in a segment: 1,500 bytes less the headers of IP and TCP with time stamps.
  static let segmentBytes = 1_448

  /// How long the link is busy with it, headers included.
  var transmission: Time {
    let segments = (bytes + Self.segmentBytes - 1) / Self.segmentBytes
    return .exactly(Double((bytes + 52 * segments) * 8) * 1e9 / rate)
  }

  /// How long the link is idle, while a sender that begins with ten segments and doubles them waits
  /// for acknowledgements.
  func idleInSlowStart(_ trip: Time) -> Time {
    var (window, left, idle) = (10, bytes - 10 * Self.segmentBytes, Time.zero)
    while left > 0 {
      let busy = Double(window * 1_500 * 8) * 1e9 / rate
      if trip.value > busy { idle += trip - .exactly(busy) }
      window *= 2
      left -= window * Self.segmentBytes
    }
    return idle
  }

  /// The mean wait for a packet of the last round trip that was lost: nothing is left to send
  /// meanwhile.
  /// - Parameter segments: that are on their way at a time.
  func lastRepetition(_ trip: Time, _ loss: Double, of segments: Double) -> Time {
    var spared = 1.0
    for _ in 0..<Int(segments) { spared *= 1 - loss }
    return ((1 - spared) * trip).named(
      "last repetition", because: "What is lost in the last round trip is waited for.")
  }

  /// Time-outs per segment that is sent: where fewer than three segments follow a loss.
  ///
  /// Source: Padhye, Firoiu, Towsley and Kurose, *Modeling TCP Throughput*, SIGCOMM 1998, with an
  /// acknowledgement for each segment.
  static func timeOuts(_ loss: Double) -> Double {
    loss * min(1, 3 * (3 * loss / 8).squareRoot()) * (1 + 32 * loss * loss)
  }

  /// Segments per round trip that Reno carries, if one in `1 ÷ loss` is lost: its window grows by
  /// one per round trip up to w and is halved, so that a cycle has w ÷ 2 round trips and 3 w² ÷ 8
  /// segments (Mathis et al. 1997), and a further round trip at w ÷ 2 in which the loss is
  /// repaired.
  static func renoSegments(_ loss: Double) -> Double {
    let top = (-0.5 + (0.25 + 1.5 / loss).squareRoot()) / 0.75
    return 1 / loss / (top / 2 + 1)
  }
}
