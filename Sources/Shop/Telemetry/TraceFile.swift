import Glibc
import Platform
import Synchronization

/// Spans of requests as OTLP's JSON, a request a line, as the file exporter of OpenTelemetry's
/// collector writes them.
///
/// Source: OpenTelemetry Protocol 1.5, JSON encoding; ids are hexadecimal, times are strings of
/// nanoseconds since 1970.
final class TraceFile: Sendable {
  let file: LineFile
  /// From `Clock` to nanoseconds since 1970.
  private let offset: UInt64
  private let ids: Mutex<UInt64>

  init(_ file: LineFile) {
    self.file = file
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    offset = UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec) &- Clock.now()
    ids = Mutex(UInt64.random(in: 1...(.max >> 1)))
  }

  /// - Parameters:
  ///   - uri: what was asked for, as the client wrote it.
  ///   - arrival, end: of the request, by `Clock`.
  ///   - spans: its parts.
  func record(
    _ route: Route, uri: String, status: Int, arrival: UInt64, end: UInt64, _ spans: [Span]
  ) {
    let first = ids.withLock { ids in
      defer { ids &+= UInt64(spans.count) + 1 }
      return ids
    }
    let trace = Self.hex(first &* 0x9E37_79B9_7F4A_7C15) + Self.hex(first)
    var parts = [
      span(
        trace, first, parent: nil, route.label, kind: 2, arrival, end,
        Self.attribute("http.response.status_code", "\"intValue\":\"\(status)\"") + ","
          + Self.address(uri),
        isError: status >= 500)
    ]
    for (index, each) in spans.enumerated() {
      let parent = each.parent.map { first &+ 1 &+ UInt64($0) } ?? first
      parts.append(
        span(
          trace, first &+ 1 &+ UInt64(index), parent: parent, each.name,
          kind: each.query == nil ? 1 : 3, each.start, each.end, Self.attributes(of: each)))
    }
    _ = file.append(
      "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":"
        + "{\"stringValue\":\"shop\"}}]},\"scopeSpans\":[{\"scope\":{\"name\":\"perflab.shop\"},"
        + "\"spans\":[\(parts.joined(separator: ","))]}]}]}")
  }

  private func span(
    _ trace: String, _ id: UInt64, parent: UInt64?, _ name: String, kind: Int, _ start: UInt64,
    _ end: UInt64, _ attributes: String, isError: Bool = false
  ) -> String {
    let above = parent.map { "\"parentSpanId\":\"\(Self.hex($0))\"," } ?? ""
    let listed = attributes.isEmpty ? "" : "\"attributes\":[\(attributes)],"
    // Errors are those of the server.
    return "{\"traceId\":\"\(trace)\",\"spanId\":\"\(Self.hex(id))\",\(above)\"name\":\"\(name)\","
      + "\(listed)\"kind\":\(kind),\"startTimeUnixNano\":\"\(start &+ offset)\","
      + "\"endTimeUnixNano\":\"\(end &+ offset)\",\"status\":{\"code\":\(isError ? 2 : 0)}}"
  }

  /// Which function of which module a span is, or what it asks the database: names of OpenTelemetry's
  /// semantic conventions. `perflab map` reads them.
  private static func attributes(of span: Span) -> String {
    if span.isFunction { return attribute("code.function.name", text(span.name)) }
    guard let query = span.query else { return "" }
    return attribute("db.system.name", text("sqlite")) + ","
      + attribute("db.query.text", text(query.line))
  }

  private static func attribute(_ key: String, _ value: String) -> String {
    "{\"key\":\"\(key)\",\"value\":{\(value)}}"
  }

  private static func address(_ uri: String) -> String {
    let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = attribute("url.path", text(escaped(parts[0])))
    return parts.count < 2 ? path : path + "," + attribute("url.query", text(escaped(parts[1])))
  }

  /// With `%22` for a quotation mark and so on: what a client sends may have anything.
  private static func escaped(_ part: Substring) -> String {
    let isPlain = part.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != 34 && $0 != 92 }
    if isPlain { return String(part) }
    return part.utf8.map { byte in
      if byte > 32, byte < 127, byte != 34, byte != 92 {
        return String(UnicodeScalar(byte))
      }
      return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }.joined()
  }

  /// None of the other texts has a character that JSON would escape.
  private static func text(_ value: String) -> String { "\"stringValue\":\"\(value)\"" }

  private static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
