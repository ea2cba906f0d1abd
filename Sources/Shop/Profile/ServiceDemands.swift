import FoundationEssentials

/// What a request of each kind demands of the Shop, measured while it is mostly idle: what a model of
/// it is fed with.
public struct ServiceDemands: Codable, Sendable, Equatable {
  /// A distribution, as the values that shares of all requests do not exceed.
  public struct Distribution: Codable, Sendable, Equatable {
    /// Seconds.
    public let mean: Double
    /// Of requests, ascending, from 0 to 1.
    public let shares: [Double]
    /// Seconds, one for each share.
    public let seconds: [Double]

    /// - Parameter nanoseconds: of each request, at least one.
    init(_ nanoseconds: [Double]) {
      let sorted = nanoseconds.sorted()
      mean = nanoseconds.reduce(0, +) / Double(max(1, nanoseconds.count)) / 1e9
      shares = Self.shares
      seconds = shares.map { share in
        sorted[Int((share * Double(sorted.count - 1)).rounded())] / 1e9
      }
    }

    private static let shares =
      [0, 0.01] + (1...19).map { Double($0) / 20 } + [0.98, 0.99, 0.995, 1]
  }

  /// A kind of requests.
  public struct Kind: Codable, Sendable, Equatable {
    /// `GET /products/:id`
    public let name: String
    /// Requests that were measured.
    public let requests: Int
    /// Processor seconds of a worker for a request.
    public let workerCPU: Distribution
    /// Seconds that a worker waited within a request: for a lock, the device, the payment.
    public let workerWait: Distribution
    /// Processor seconds of the whole Shop for a request, the threads that parse and send included;
    /// the mean, since these are not told apart by request.
    public let serverCPU: Double
    /// Seconds from sending a request to its response, at the client.
    public let response: Distribution
    /// Bytes of a response's body, the mean.
    public let bytes: Double
  }

  /// Of this format.
  public var schema = 1
  /// The size of the Shop's data.
  public let data: String
  /// Threads of the Shop that serve requests.
  public let workers: Int
  /// Its database connections for reading.
  public let readers: Int
  /// All kinds that were measured.
  public let kinds: [Kind]

  /// As JSON, with sorted names.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}
