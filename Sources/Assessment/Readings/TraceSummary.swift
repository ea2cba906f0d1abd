/// Requests as traces have them.
public struct TraceSummary: Sendable {
  /// By the name of the root span.
  public internal(set) var roots: [String: RootSpans] = [:]

  /// Of all requests.
  public var requests: Int { roots.values.reduce(0) { $0 + $1.requests } }
  /// Of all requests.
  public var seconds: Double { roots.values.reduce(0) { $0 + $1.seconds } }
}

/// Requests with one name.
public struct RootSpans: Sendable {
  /// From when to when each was under way, in seconds since 1970.
  public internal(set) var times: [ClosedRange<Double>] = []
  /// Of each with parts: its begin, and how long it waited for its first part.
  public internal(set) var waits: [(begin: Double, seconds: Double)] = []
  /// With an error.
  public internal(set) var failed = 0
  /// Their parts by name.
  public internal(set) var parts: [String: PartSpans] = [:]
  /// In statements that write, and in their transactions, where the spans say what they are.
  public internal(set) var writingSeconds: Double?
  /// By the path with its query, where the spans have it.
  public internal(set) var lookups: [String: Lookups] = [:]

  /// How many.
  public var requests: Int { times.count }
  /// Of all together.
  public var seconds: Double { times.reduce(0) { $0 + $1.upperBound - $1.lowerBound } }
  /// Of all together without what they waited for their first part; 0 where none has parts.
  public var work: Double {
    parts.isEmpty ? 0 : seconds - waits.reduce(0) { $0 + $1.seconds }
  }
}

/// Spans with one name inside of requests with one name.
public struct PartSpans: Sendable, Equatable {
  /// In each request that has any.
  public internal(set) var counts: [Int] = []
  /// Of all together without their own parts.
  public internal(set) var ownSeconds = 0.0
  /// Of all requests together, from the begin of the first of these spans to the end of the last.
  public internal(set) var fromFirstToLast = 0.0
  /// From when to when.
  public internal(set) var times: [ClosedRange<Double>] = []

  /// Of all together.
  public var seconds: Double { times.reduce(0) { $0 + $1.upperBound - $1.lowerBound } }
  /// In all.
  public var calls: Int { times.count }
}

/// Requests with one path and query.
public struct Lookups: Sendable, Equatable {
  /// Those that were answered without a call of anything else.
  public internal(set) var answered = 0
  /// Of each of the others, from its first call to the end of its last.
  public internal(set) var calls: [ClosedRange<Double>] = []
}

extension RootSpans {
  /// Paths that are kept apart.
  private static let mostPaths = 10_000

  mutating func enter(_ target: String, _ call: ClosedRange<Double>?) {
    guard lookups[target] != nil || lookups.count < Self.mostPaths else { return }
    if let call {
      lookups[target, default: Lookups()].calls.append(call)
    } else {
      lookups[target, default: Lookups()].answered += 1
    }
  }
}
