import Harness
import Results
import Systems

/// What an experiment on a link needs.
let linkNeeds: [Requirement] = [
  .links, .cores(2),
]

/// Of both hosts: a pause between two calls must not shrink a connection's window.
let linkedSettings = ["net/ipv4/tcp_slow_start_after_idle": "0"]

extension Point {
  /// A client and a server with a link between them, the same for all variants of a process. The
  /// relay has a processor to itself: client and server share the other, and wait by turns.
  /// - Parameters:
  ///   - toClient: the direction of the data; its delay is that of both directions.
  func linked(_ toClient: LinkPath, settings: [String: String] = [:]) throws -> LinkedHosts {
    let toServer = LinkPath(rate: toClient.rate, delay: toClient.delay)
    return try .shared(
      toServer: toServer, toClient: toClient, settings: settings, seed: seed, cpu: otherCPU)
  }
}

extension LinkedHosts {
  /// What the link did when it was checked, and in a call of the sample, for the page. The relay was
  /// the limit where it is late by much, or refuses packets.
  var reports: [String: Counter] { reports(requests: 1) }

  /// The same, with the processor time per request.
  /// - Parameter requests: of a call.
  func reports(requests: Int) -> [String: Counter] {
    let (calls, there, back, processor) = taken()
    func each(_ count: Int) -> Counter {
      Counter(Double(count) / Double(max(1, calls)), unit: .count)
    }
    let delivered = there[.delivered] + back[.delivered]
    let late = Double(there[.lateness] + back[.lateness]) / Double(max(1, delivered))
    var reports = [
      "link round trip": Counter(Double(figures.roundTrip), unit: .nanoseconds),
      "packets over the link": each(delivered),
      "packets lost": Counter(100 * back.lossShare, unit: .share),
      "packets dropped by a full queue": each(there[.dropped] + back[.dropped]),
      "packets refused by the relay": each(there[.refused] + back[.refused]),
      "relay late by": Counter(late, unit: .nanoseconds),
      "processor time per request": Counter(
        Double(processor) / Double(max(1, calls * requests)), unit: .nanoseconds),
    ]
    if let rate = figures.rate.back {
      reports["link rate"] = Counter(rate / 8, unit: .bytesPerSecond)
    }
    return reports
  }
}
