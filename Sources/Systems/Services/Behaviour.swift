/// How a backend serves.
public struct Behaviour: Sendable, Equatable {
  /// How long a request is served.
  public enum Service: Sendable, Equatable {
    /// As long as the request says.
    case requested
    /// As drawn for each request.
    case drawn(Durations)
  }

  /// How long a request is served.
  public var service: Service
  /// Requests that are served at once; others wait in the order of their arrival.
  public var places: Int
  /// Requests that wait at most; further ones are rejected at once.
  public var queue: Int
  /// A service time takes so many times as long.
  public var slowness: Double
  /// When nothing is served.
  public var stall: Stall?
  /// The share of requests that fail, after their service.
  public var failures: Double

  /// By default all requests are served at once, as long as each says, and none fails.
  public init(
    service: Service = .requested, places: Int = .max, queue: Int = .max, slowness: Double = 1,
    stall: Stall? = nil, failures: Double = 0
  ) {
    self.service = service
    self.places = places
    self.queue = queue
    self.slowness = slowness
    self.stall = stall
    self.failures = failures
  }
}
