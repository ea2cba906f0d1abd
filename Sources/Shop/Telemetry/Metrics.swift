import Synchronization

/// All that the Shop counts, and what it says of it.
final class Metrics: Sendable {
  /// Seconds; the last bucket has no bound.
  static let bounds = [
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
  ]

  private struct Served {
    var statuses: [Int: Int] = [:]
    var buckets = [Int](repeating: 0, count: Metrics.bounds.count + 1)
    var nanoseconds = 0
  }

  private struct State {
    var counts = Counts()
    var routes = [Served](repeating: Served(), count: Route.allCases.count)
  }

  private let state = Mutex(State())

  var counts: Counts { state.withLock { $0.counts } }

  /// Of requests that were answered.
  var requests: Int {
    state.withLock { $0.routes.reduce(0) { $0 + $1.statuses.values.reduce(0, +) } }
  }

  func add(_ count: Count, _ amount: Int = 1) { state.withLock { $0.counts[count] += amount } }

  /// - Parameter nanoseconds: from the whole request's arrival to its response.
  func served(_ route: Route, status: Int, nanoseconds: UInt64, _ counts: Counts) {
    let seconds = Double(nanoseconds) / 1e9
    let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
    let index = Self.index[route]!
    state.withLock {
      $0.counts += counts
      $0.routes[index].statuses[status, default: 0] += 1
      $0.routes[index].buckets[bucket] += 1
      $0.routes[index].nanoseconds += Int(nanoseconds)
    }
  }

  private static let index = Dictionary(
    uniqueKeysWithValues: Route.allCases.enumerated().map { ($0.element, $0.offset) })

  /// In OpenMetrics' text format.
  ///
  /// Source: OpenMetrics, version 1.0.
  func text(gauges: [Gauge]) -> String {
    let state = state.withLock { $0 }
    var text = OpenMetricsText()
    text.family("shop_requests", .counter, "Requests that were answered")
    for (route, served) in zip(Route.allCases, state.routes) {
      for (status, count) in served.statuses.sorted(by: { $0.key < $1.key }) {
        text.sample("_total", [("route", route.label), ("status", "\(status)")], "\(count)")
      }
    }
    text.family("shop_request_seconds", .histogram, "From a request's arrival to its response")
    for (route, served) in zip(Route.allCases, state.routes) where !served.statuses.isEmpty {
      var sum = 0
      let labels = [("route", route.label)]
      for (index, count) in served.buckets.enumerated() {
        sum += count
        let bound = index < Self.bounds.count ? "\(Self.bounds[index])" : "+Inf"
        text.sample("_bucket", labels + [("le", bound)], "\(sum)")
      }
      text.sample("_count", labels, "\(sum)")
      text.sample("_sum", labels, "\(Double(served.nanoseconds) / 1e9)")
    }
    for count in Count.allCases {
      text.family(count.metric.name, .counter, count.metric.help)
      let value = state.counts[count]
      text.sample("_total", [], count.isTime ? "\(Double(value) / 1e9)" : "\(value)")
    }
    for gauge in gauges {
      text.family(gauge.name, .gauge, gauge.help)
      text.sample("", [], "\(gauge.value)")
    }
    return text.ended
  }
}

/// A number of this moment.
struct Gauge: Sendable {
  let name: String
  let help: String
  let value: Int
}
