import Glibc

/// The members of an object of JSON that are strings, numbers or words: its own, and those of the objects
/// in it. Headers are left out: what they hold may have any name.
struct JSONMembers {
  private let line: UnsafeRawBufferPointer
  /// The object that holds it (empty for the line's own), its name, and its value without quotation
  /// marks.
  private var members: [(object: Range<Int>, name: Range<Int>, value: Range<Int>)] = []

  /// A string ends with the line at the latest.
  init(_ line: UnsafeRawBufferPointer) {
    self.line = line
    members.reserveCapacity(32)
    let quote = UInt8(ascii: "\"")
    var objects: [Range<Int>] = []
    var name: Range<Int>?
    var place = 0
    while place < line.count {
      switch line[place] {
      case quote:
        guard let close = LogEntry.closing(line, from: place + 1) else { return }
        if let named = name {
          add(objects, named, place + 1..<close)
          name = nil
        } else if isName(behind: close + 1) {
          name = place + 1..<close
        }
        place = close
      case UInt8(ascii: "{"):
        // One of an array has no name; the brace is nobody's.
        objects.append(name ?? (place == 0 ? 0..<0 : place..<place + 1))
        name = nil
      case UInt8(ascii: "["): name = nil
      case UInt8(ascii: "}"): _ = objects.popLast()
      case UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "]"), 9, 32: break
      default:
        let start = place
        while place + 1 < line.count, !",}] \t".utf8.contains(line[place + 1]) { place += 1 }
        if let named = name { add(objects, named, start..<place + 1) }
        name = nil
      }
      place += 1
    }
  }

  private func isName(behind place: Int) -> Bool {
    var place = place
    while place < line.count, line[place] == 32 || line[place] == 9 { place += 1 }
    return place < line.count && line[place] == UInt8(ascii: ":")
  }

  private mutating func add(_ objects: [Range<Int>], _ name: Range<Int>, _ value: Range<Int>) {
    guard let object = objects.last, !objects.contains(where: isHeaders) else { return }
    members.append((object, name, value))
  }

  private func isHeaders(_ object: Range<Int>) -> Bool {
    equals(object, "headers") || equals(object, "resp_headers")
  }

  /// The value of a member of the line's own, or of an object in it.
  func value(_ name: StaticString, in object: StaticString = "") -> Range<Int>? {
    members.first { equals($0.name, name) && equals($0.object, object) }?.value
  }

  private func equals(_ range: Range<Int>, _ text: StaticString) -> Bool {
    guard range.count == text.utf8CodeUnitCount else { return false }
    guard let base = line.baseAddress, !range.isEmpty else { return range.isEmpty }
    // SAFETY: both have as many bytes.
    return memcmp(text.utf8Start, base + range.lowerBound, range.count) == 0
  }
}

extension LogEntry {
  /// What a maker calls the members of a request's object.
  private struct Maker: Sendable {
    /// The object that has method and path; the line's own if empty.
    var object: StaticString = ""
    /// Empty where `path` is a whole request, as in `GET / HTTP/1.1`.
    let method, path, status, bytes: StaticString
    /// Empty where the unit is not known.
    let time: StaticString
    /// Microseconds of its unit, where the value has none of its own.
    var unit = 1e6
    /// Whether all members are in `object`.
    var isInside = false
  }

  /// Source: Traefik 3, access logs; Cloud Logging, HttpRequest; Envoy with the names that Istio and Envoy
  /// Gateway give; Caddy 2, structured logging; nginx, members that are called as its variables are. The
  /// last ones are other programs', in whose times a number may be of any unit.
  private static let makers = [
    Maker(
      method: "RequestMethod", path: "RequestPath", status: "DownstreamStatus",
      bytes: "DownstreamContentSize", time: "Duration", unit: 1e-3),
    Maker(
      object: "httpRequest", method: "requestMethod", path: "requestUrl", status: "status",
      bytes: "responseSize", time: "latency", isInside: true),
    Maker(
      method: "method", path: "path", status: "response_code", bytes: "bytes_sent",
      time: "duration", unit: 1e3),
    Maker(
      method: "method", path: "x-envoy-origin-path", status: "response_code", bytes: "bytes_sent",
      time: "duration", unit: 1e3),
    Maker(
      object: "request", method: "method", path: "uri", status: "status", bytes: "size",
      time: "duration"),
    Maker(
      method: "request_method", path: "request_uri", status: "status", bytes: "body_bytes_sent",
      time: "request_time"),
    Maker(
      method: "request_method", path: "uri", status: "status", bytes: "body_bytes_sent",
      time: "request_time"),
    Maker(
      method: "", path: "request", status: "status", bytes: "body_bytes_sent",
      time: "request_time"),
    Maker(method: "method", path: "uri", status: "status", bytes: "bytes_out", time: ""),
    Maker(method: "method", path: "path", status: "status", bytes: "bytes", time: ""),
  ]

  /// A line that is an object of JSON.
  init?(json line: UnsafeRawBufferPointer) {
    guard line.first == UInt8(ascii: "{") else { return nil }
    let members = JSONMembers(line)
    // Caddy writes of a request that failed in its log of errors too.
    if let logger = members.value("logger"), members.value("uri", in: "request") != nil,
      !line[logger].starts(with: "http.log.access".utf8)
    {
      return nil
    }
    for maker in Self.makers {
      let inner: StaticString = maker.isInside ? maker.object : ""
      guard let path = members.value(maker.path, in: maker.object),
        let status = members.value(maker.status, in: inner),
        case .integer(let code) = Self.number(line, status), code == 0 || 100...999 ~= code
      else { continue }
      let method = members.value(maker.method, in: maker.object)
      guard
        let request = method.map({ (method: $0, path: Self.path(line, path)) })
          ?? Self.request(line, path), Self.isMethod(line[request.method])
      else { continue }
      var bytes = 0
      if let size = members.value(maker.bytes, in: inner),
        case .integer(let value) = Self.number(line, size)
      {
        bytes = value
      }
      self.init(
        method: request.method, path: request.path, status: code == 0 ? Self.left : code,
        bytes: bytes,
        time: members.value(maker.time, in: inner).flatMap {
          Self.microseconds(line[$0], unit: maker.unit)
        }.map { .seconds(microseconds: $0) })
      return
    }
    return nil
  }

  private static func isMethod(_ text: Slice<UnsafeRawBufferPointer>) -> Bool {
    3...16 ~= text.count && text.allSatisfy { 65...90 ~= $0 || $0 == 45 }
  }

  /// Without the query, and without the scheme and host of an address.
  private static func path(_ line: UnsafeRawBufferPointer, _ range: Range<Int>) -> Range<Int> {
    let (slash, escape) = (UInt8(ascii: "/"), UInt8(ascii: "\\"))
    var start = range.lowerBound
    if let first = line[range].first, first != slash, first != escape {
      let slashes = range.filter { line[$0] == slash }
      // Also with `\/` for each.
      if slashes.count >= 2, line[slashes[0] + 1..<slashes[1]].allSatisfy({ $0 == escape }) {
        start = slashes.dropFirst(2).first ?? range.upperBound
      }
    }
    let end = line[range].firstIndex(of: UInt8(ascii: "?")) ?? range.upperBound
    return start..<max(start, end)
  }

  /// Of a number, perhaps with its unit.
  private static func microseconds(_ text: Slice<UnsafeRawBufferPointer>, unit: Double) -> Int? {
    let digits = text.prefix { 48...57 ~= $0 || "+-.eE".utf8.contains($0) }
    guard let value = Double(String(decoding: digits, as: UTF8.self)), 0...1e9 ~= value * unit / 1e6
    else { return nil }
    switch String(decoding: text[digits.endIndex...], as: UTF8.self) {
    case "": return Int(value * unit)
    case "s": return value <= 1e9 ? Int(value * 1e6) : nil
    case "ms": return Int(value * 1e3)
    case "us", "µs", "μs": return Int(value)
    case "ns": return Int(value / 1e3)
    default: return nil
    }
  }
}
