/// What became of a source's requests, of those that began after the warm-up.
public struct SourceOutcome: Sendable {
  /// Requests that were sent.
  public let arrived: Int
  /// Requests that succeeded.
  public let succeeded: Int
  /// Requests that failed because a replica was down.
  public let failed: Int
  /// Requests that found a full queue.
  public let rejected: Int
  /// Requests that timed out.
  public let timedOut: Int
  /// Requests that had waited too long.
  public let dropped: Int
  /// Requests that a breaker did not let through.
  public let refused: Int
  /// Response times of those that succeeded.
  public let response: ResponseTimes
  /// Successes per second, whenever their requests began.
  public let throughput: Double
  /// By intervals of time from the start, warm-up included.
  public let series: [SeriesInterval]

  /// Requests that did not succeed, for whichever reason.
  public var unsuccessful: Int { failed + rejected + timedOut + dropped + refused }

  /// The share of requests that succeeded, of those that ended.
  public var successShare: Double {
    Double(succeeded) / Double(max(1, succeeded + unsuccessful))
  }

  init(
    _ counts: SourceCounts, _ seconds: Double, _ response: ResponseTimes, _ series: [SeriesInterval]
  ) {
    arrived = counts.arrived
    succeeded = counts.succeeded
    failed = counts.failed
    rejected = counts.rejected
    timedOut = counts.timedOut
    dropped = counts.dropped
    refused = counts.refused
    self.response = response
    throughput = Double(counts.completed) / seconds
    self.series = series
  }
}

/// What happened in an interval of time.
public struct SeriesInterval: Equatable, Sendable {
  /// Its beginning, in seconds from the start.
  public let start: Double
  /// Requests that came.
  public let arrived: Int
  /// Requests that succeeded meanwhile, whenever they came.
  public let succeeded: Int
  /// Requests that ended otherwise meanwhile.
  public let failed: Int
  /// The mean response time of those that succeeded, in seconds; nil if there are none.
  public let meanResponse: Double?

  init(_ cell: SeriesCell, _ index: Int, _ length: Double) {
    start = Double(index) * length
    arrived = cell.arrived
    succeeded = cell.succeeded
    failed = cell.failed
    meanResponse = cell.succeeded > 0 ? cell.seconds / Double(cell.succeeded) : nil
  }
}

/// Response times in seconds, by logarithmic buckets that are 0.4% wide.
public struct ResponseTimes: Sendable {
  /// The middle of each bucket that holds any, ascending, and how many.
  public let buckets: [(value: Double, count: Int)]
  /// How many there are.
  public let count: Int
  /// The longest.
  public let highest: Double
  private let sum: Double

  /// The mean; NaN without any.
  public var mean: Double { sum / Double(count) }

  /// The least time that so many per cent do not exceed; NaN without any.
  public func percentile(_ percent: Double) -> Double {
    let rank = max(1, (percent / 100 * Double(count) * (1 - 1e-12)).rounded(.up))
    var seen = 0
    for bucket in buckets {
      if Double(seen + bucket.count) >= rank {
        // On a straight line through the bucket.
        let width = bucket.value.binade / 256
        let part = (rank - Double(seen)) / Double(bucket.count)
        return min(bucket.value + width * (part - 0.5), highest)
      }
      seen += bucket.count
    }
    return .nan
  }

  /// The share of responses that took no longer.
  public func share(within duration: Duration) -> Double {
    let limit = duration.inSeconds
    let within = buckets.reduce(0) { $1.value <= limit ? $0 + $1.count : $0 }
    return Double(within) / Double(max(1, count))
  }

  init(buckets: [(value: Double, count: Int)], sum: Double, highest: Double) {
    self.buckets = buckets
    self.sum = sum
    self.highest = highest
    count = buckets.reduce(0) { $0 + $1.count }
  }
}
