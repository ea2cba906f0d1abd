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
  ///   - arrival, end: of the request, by `Clock`.
  ///   - spans: its parts.
  func record(
    _ route: Route, status: Int, arrival: UInt64, end: UInt64, _ spans: [Span]
  ) {
    let first = ids.withLock { ids in
      defer { ids &+= UInt64(spans.count) + 1 }
      return ids
    }
    let trace = Self.hex(first &* 0x9E37_79B9_7F4A_7C15) + Self.hex(first)
    var parts = [
      span(trace, first, parent: nil, route.label, kind: 2, arrival, end, status: status)
    ]
    for (index, each) in spans.enumerated() {
      let parent = each.parent.map { first &+ 1 &+ UInt64($0) } ?? first
      parts.append(
        span(
          trace, first &+ 1 &+ UInt64(index), parent: parent, each.name, kind: 1, each.start,
          each.end, status: nil))
    }
    _ = file.append(
      "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":"
        + "{\"stringValue\":\"shop\"}}]},\"scopeSpans\":[{\"scope\":{\"name\":\"perflab.shop\"},"
        + "\"spans\":[\(parts.joined(separator: ","))]}]}]}")
  }

  private func span(
    _ trace: String, _ id: UInt64, parent: UInt64?, _ name: String, kind: Int, _ start: UInt64,
    _ end: UInt64, status: Int?
  ) -> String {
    let above = parent.map { "\"parentSpanId\":\"\(Self.hex($0))\"," } ?? ""
    let attributes = status.map {
      "\"attributes\":[{\"key\":\"http.response.status_code\",\"value\":{\"intValue\":\"\($0)\"}}],"
    }
    return "{\"traceId\":\"\(trace)\",\"spanId\":\"\(Self.hex(id))\",\(above)\"name\":\"\(name)\","
      + "\(attributes ?? "")\"kind\":\(kind),\"startTimeUnixNano\":\"\(start &+ offset)\","
      + "\"endTimeUnixNano\":\"\(end &+ offset)\",\"status\":{\"code\":\(code(status))}}"
  }

  /// Errors are those of the server.
  private func code(_ status: Int?) -> Int { status.map { $0 >= 500 ? 2 : 0 } ?? 0 }

  private static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
