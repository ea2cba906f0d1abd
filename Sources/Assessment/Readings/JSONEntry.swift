import Glibc

extension LogEntry {
  /// What a member of the object says.
  private enum Role {
    case method, path, request, status, bytes
    /// - Parameter thousandths: of a microsecond, that a unit has.
    case time(thousandths: Int)
  }

  /// Names of members, at whichever depth.
  ///
  /// Source: Caddy 2, structured logging (`duration` in seconds); Traefik 3, access logs (`Duration` in
  /// nanoseconds); Envoy, with the names that Istio gives (`duration` in milliseconds); Cloud Logging,
  /// HttpRequest (`latency` as `0.5s`); nginx, members that are called as its variables are
  /// (`request_time` in seconds).
  private static let roles: [(name: StaticString, role: Role)] = [
    ("method", .method), ("RequestMethod", .method), ("request_method", .method),
    ("requestMethod", .method),
    ("uri", .path), ("RequestPath", .path), ("path", .path), ("request_uri", .path),
    ("requestUrl", .path),
    ("request", .request),
    ("status", .status), ("DownstreamStatus", .status), ("response_code", .status),
    ("size", .bytes), ("DownstreamContentSize", .bytes), ("bytes_sent", .bytes),
    ("body_bytes_sent", .bytes), ("responseSize", .bytes),
    ("duration", .time(thousandths: 1_000_000_000)), ("Duration", .time(thousandths: 1)),
    ("request_time", .time(thousandths: 1_000_000_000)),
    ("latency", .time(thousandths: 1_000_000_000)),
  ]

  /// A line that is an object of JSON. Of members with the same meaning the first counts.
  init?(json line: UnsafeRawBufferPointer) {
    guard line.first == UInt8(ascii: "{") else { return nil }
    var (method, path, status, bytes): (Range<Int>?, Range<Int>?, Int?, Int?)
    var time: (range: Range<Int>, thousandths: Int)?
    var isEnvoy = false
    Self.members(line) { name, value in
      guard let role = Self.role(line, name) else { return }
      switch role {
      case .method: method = method ?? value
      case .path: path = path ?? value
      case .request:
        guard let parts = Self.request(line, value) else { return }
        (method, path) = (method ?? parts.method, path ?? parts.path)
      case .status:
        guard status == nil, case .integer(let code) = Self.number(line, value) else { return }
        status = code
        isEnvoy = name.count == "response_code".utf8.count
      case .bytes:
        guard bytes == nil, case .integer(let size) = Self.number(line, value) else { return }
        bytes = size
      case .time(let thousandths): time = time ?? (value, thousandths)
      }
    }
    guard let method, let path, let status, (100...999).contains(status) else { return nil }
    self.init(
      method: method, path: Self.path(line, path), status: status, bytes: bytes ?? 0,
      time: time.flatMap {
        Self.microseconds(line, $0.range, isEnvoy ? 1_000_000 : $0.thousandths)
      }.map { .seconds(microseconds: $0) })
  }

  /// Hands over each member's name and its value, if that is a string (without the quotation marks), a
  /// number or a word; those of inner objects too.
  private static func members(
    _ line: UnsafeRawBufferPointer, _ body: (Range<Int>, Range<Int>) -> Void
  ) {
    let quote = UInt8(ascii: "\"")
    var place = 1
    func skipSpace() { while place < line.count, line[place] == 32 { place += 1 } }
    while let open = find(quote, in: line, from: place) {
      guard let close = closing(line, from: open + 1) else { return }
      place = close + 1
      skipSpace()
      // A string of an array.
      guard place < line.count, line[place] == UInt8(ascii: ":") else { continue }
      place += 1
      skipSpace()
      guard place < line.count else { return }
      let start = place
      switch line[place] {
      case quote:
        guard let end = closing(line, from: start + 1) else { return }
        body(open + 1..<close, start + 1..<end)
        place = end + 1
      case UInt8(ascii: "{"), UInt8(ascii: "["): place += 1
      default:
        while place < line.count, !",}] ".utf8.contains(line[place]) { place += 1 }
        body(open + 1..<close, start..<place)
      }
    }
  }

  private static func role(_ line: UnsafeRawBufferPointer, _ name: Range<Int>) -> Role? {
    guard let base = line.baseAddress else { return nil }
    return roles.first {
      // SAFETY: both have as many bytes.
      $0.name.utf8CodeUnitCount == name.count
        && memcmp($0.name.utf8Start, base + name.lowerBound, name.count) == 0
    }?.role
  }

  /// Without the query, and without the scheme and host of an address.
  private static func path(_ line: UnsafeRawBufferPointer, _ range: Range<Int>) -> Range<Int> {
    let slash = UInt8(ascii: "/")
    var start = range.lowerBound
    if line[range].first != slash {
      let slashes = range.filter { line[$0] == slash }
      start =
        slashes.count >= 2 && slashes[1] == slashes[0] + 1
        ? slashes.dropFirst(2).first ?? range.upperBound : start
    }
    let end = line[range].firstIndex(of: UInt8(ascii: "?")) ?? range.upperBound
    return start..<max(start, end)
  }

  private static func microseconds(
    _ line: UnsafeRawBufferPointer, _ range: Range<Int>, _ thousandths: Int
  ) -> Int? {
    let hasUnit = range.count > 1 && line[range.upperBound - 1] == UInt8(ascii: "s")
    switch number(line, range.lowerBound..<range.upperBound - (hasUnit ? 1 : 0)) {
    case .integer(let value): return min(value, 1 << 50 / thousandths) * thousandths / 1_000
    // `number` has taken the unit for seconds.
    case .seconds(let value): return Int(Double(value) * Double(thousandths) / 1e9)
    case nil: return nil
    }
  }
}
