/// Requests of one route, as an access log has them.
public struct RouteLog: Sendable, Equatable {
  /// Method and path; numbers and keys in the path are `:id`.
  public var route: String
  /// All of them.
  public var requests = 0
  /// With a status of 500 or more.
  public var failed = 0
  /// With a status from 400 to 499.
  public var refused = 0
  /// Of all bodies.
  public var bytes = 0
  /// Of all together; nil where the log has no times.
  public var seconds: Double?
  private var buckets = [UInt32](repeating: 0, count: 64 * 8)
  private var microseconds = 0

  init(_ route: String) { self.route = route }

  mutating func add(status: Int, bytes: Int, microseconds: Int?) {
    requests += 1
    if status >= 500 { failed += 1 } else if status >= 400 { refused += 1 }
    self.bytes &+= bytes
    guard let microseconds else { return }
    self.microseconds &+= microseconds
    buckets[Self.bucket(microseconds)] += 1
  }

  mutating func finish(hasTimes: Bool) { seconds = hasTimes ? Double(microseconds) / 1e6 : nil }

  /// Eight to a doubling.
  private static func bucket(_ value: Int) -> Int {
    guard value >= 8 else { return max(0, value) }
    let shift = Int.bitWidth - 1 - value.leadingZeroBitCount - 3
    return (shift + 1) * 8 + (value >> shift) - 8
  }

  /// Seconds that a share of the requests did not exceed, to 12%; nil without times.
  public func quantile(_ share: Double) -> Double? {
    guard seconds != nil else { return nil }
    let all = buckets.reduce(0) { $0 + Int($1) }
    guard all > 0 else { return nil }
    var rest = share * Double(all)
    for (index, count) in buckets.enumerated() {
      rest -= Double(count)
      guard rest < 0 || index == buckets.count - 1 else { continue }
      if index < 16 { return Double(index) / 1e6 }
      return Double((index % 8 + 8) << (index / 8 - 1)) * 1.0625 / 1e6
    }
    return nil
  }

  /// Whether it only reads, by its method.
  public var reads: Bool { route.hasPrefix("GET ") || route.hasPrefix("HEAD ") }

  /// Whether it delivers files, which are large for good reason: by the last part of its path.
  public var isFile: Bool {
    let path = route.split(separator: " ").last ?? ""
    let folders = ["/images/", "/img/", "/static/", "/assets/", "/media/", "/files/", "/fonts/"]
    let ends = [
      ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".css", ".js", ".woff2", ".ico", ".mp4",
      ".pdf", ".zip",
    ]
    return folders.contains { path.contains($0) } || ends.contains { path.hasSuffix($0) }
  }
}
