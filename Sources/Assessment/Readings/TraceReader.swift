import FoundationEssentials

/// Spans in OTLP's JSON: an export a line, as the file exporter of OpenTelemetry's collector writes
/// them, or over several lines that end with a lone brace. Spans of a trace that stand in different
/// exports are taken as different requests.
///
/// Source: OpenTelemetry Protocol 1.5; before 0.19 the scope was called instrumentation library.
struct TraceReader: LineReader {
  static let format = "OTLP traces"
  private var count = 0
  private var pending = Data()

  static func recognises(_ head: [Substring]) -> Bool {
    head.prefix(5).joined().prefix(200).contains("\"resourceSpans\"")
  }

  mutating func take(_ line: UnsafeRawBufferPointer, _ readings: inout Readings) throws {
    guard !line.isEmpty else { return }
    let brace = UInt8(ascii: "}")
    let isWhole = line.last == brace && (line.count == 1 || pending.isEmpty)
    pending.append(contentsOf: line)
    guard pending.count <= FileLines.longest else {
      throw LineProblem("an export has more than 64 MiB")
    }
    guard isWhole else { return }
    defer { pending = Data() }
    let export: Export
    do { export = try JSONDecoder().decode(Export.self, from: pending) } catch {
      throw LineProblem("the line is no export of traces in OTLP's JSON")
    }
    let spans = export.resourceSpans.flatMap {
      ($0.scopeSpans ?? $0.instrumentationLibrarySpans ?? []).flatMap(\.spans)
    }
    for trace in Dictionary(grouping: spans, by: \.traceId).values {
      Self.enter(trace, into: &readings.traces)
    }
    count += spans.count
  }

  private static func enter(_ spans: [Span], into summary: inout TraceSummary) {
    let byID = Dictionary(spans.map { ($0.spanId, $0) }, uniquingKeysWith: { first, _ in first })
    var inner: [String: Double] = [:]
    for span in spans {
      if let parent = span.parentSpanId { inner[parent, default: 0] += span.seconds }
    }
    /// The root above a span; spans whose parent is elsewhere are roots.
    func root(of span: Span) -> Span {
      var above = span
      for _ in 0..<1_000 {
        guard let parent = above.parentSpanId.flatMap({ byID[$0] }) else { return above }
        above = parent
      }
      return above
    }
    var counts: [String: [String: Int]] = [:]
    var whole: [String: [String: ClosedRange<Double>]] = [:]
    var first: [String: Double] = [:]
    var calls: [String: ClosedRange<Double>] = [:]
    for span in spans {
      let top = root(of: span)
      if top.spanId == span.spanId {
        summary.roots[span.name, default: RootSpans()].times.append(span.time)
        if span.status?.code?.isError == true { summary.roots[span.name]!.failed += 1 }
        continue
      }
      if span.kind?.isClient == true {
        calls[top.spanId] = span.time.joined(with: calls[top.spanId])
      }
      if let statement = span.statement {
        let words: Set = ["BEGIN", "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "COMMIT"]
        let writes = statement.words.first.map { words.contains($0.uppercased()) } ?? false
        summary.roots[top.name, default: RootSpans()].writingSeconds =
          (summary.roots[top.name]?.writingSeconds ?? 0) + (writes ? span.seconds : 0)
      }
      first[top.spanId] = min(first[top.spanId] ?? .infinity, span.time.lowerBound)
      summary.roots[top.name, default: RootSpans()].parts[span.name, default: PartSpans()]
        .times.append(span.time)
      summary.roots[top.name]!.parts[span.name]!.ownSeconds +=
        max(0, span.seconds - (inner[span.spanId] ?? 0))
      counts[top.name, default: [:]][span.name, default: 0] += 1
      whole[top.name, default: [:]][span.name] =
        span.time.joined(with: whole[top.name]?[span.name])
    }
    for (name, parts) in whole {
      for (part, time) in parts {
        summary.roots[name]!.parts[part]!.fromFirstToLast += time.upperBound - time.lowerBound
      }
    }
    for span in spans where span.status?.code?.isError != true {
      guard let target = span.target, root(of: span).spanId == span.spanId else { continue }
      summary.roots[span.name]!.enter(target, calls[span.spanId])
    }
    for (id, time) in first {
      guard let span = byID[id] else { continue }
      let begin = span.time.lowerBound
      summary.roots[span.name, default: RootSpans()].waits.append((begin, max(0, time - begin)))
    }
    for (name, parts) in counts {
      for (part, count) in parts { summary.roots[name]!.parts[part]!.counts.append(count) }
    }
  }

  mutating func finish(_ readings: inout Readings) throws -> Int {
    guard !pending.isEmpty else { return count }
    guard count > 0 else { throw LineProblem("cut off: no export of traces in OTLP's JSON") }
    readings.unread.append("the last export of the traces is cut off; it is left out")
    return count
  }

  private struct Export: Decodable {
    let resourceSpans: [Resource]
  }

  private struct Resource: Decodable {
    let scopeSpans: [Scope]?
    let instrumentationLibrarySpans: [Scope]?
  }

  private struct Scope: Decodable {
    let spans: [Span]
  }

  /// Times are texts in the standard's JSON, and numbers in that of some exporters.
  private struct Nanoseconds: Decodable {
    let seconds: Double

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let text = try? value.decode(String.self), let number = Double(text) {
        seconds = number / 1e9
      } else {
        seconds = try value.decode(Double.self) / 1e9
      }
      guard seconds.isFinite else {
        throw DecodingError.dataCorruptedError(in: value, debugDescription: "no time")
      }
    }
  }

  private struct Code: Decodable {
    let isError: Bool

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let number = try? value.decode(Int.self) {
        isError = number == 2
      } else {
        isError = try value.decode(String.self) == "STATUS_CODE_ERROR"
      }
    }
  }

  /// Whether it calls something else.
  private struct Kind: Decodable {
    let isClient: Bool

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let number = try? value.decode(Int.self) {
        isClient = number == 3
      } else {
        isClient = try value.decode(String.self) == "SPAN_KIND_CLIENT"
      }
    }
  }

  private struct Attribute: Decodable {
    struct Value: Decodable {
      let stringValue: String?
    }
    let key: String
    let value: Value?
  }

  private struct Status: Decodable {
    let code: Code?
  }

  private struct Span: Decodable {
    let traceId: String
    let spanId: String
    let parentSpanId: String?
    let name: String
    let startTimeUnixNano: Nanoseconds
    let endTimeUnixNano: Nanoseconds
    let status: Status?
    let kind: Kind?
    let attributes: [Attribute]?

    private func text(_ key: String) -> String? {
      attributes?.first { $0.key == key }?.value?.stringValue
    }

    /// What a database was asked, by the semantic conventions of now and before.
    var statement: String? { text("db.query.text") ?? text("db.statement") }

    /// What was asked for: the path with its query, by the semantic conventions of now and before.
    var target: String? {
      guard let path = text("url.path") else { return text("http.target") }
      return text("url.query").map { "\(path)?\($0)" } ?? path
    }

    var time: ClosedRange<Double> {
      startTimeUnixNano.seconds...max(startTimeUnixNano.seconds, endTimeUnixNano.seconds)
    }
    var seconds: Double { time.upperBound - time.lowerBound }
  }
}

extension ClosedRange<Double> {
  /// From the earlier begin to the later end.
  fileprivate func joined(with other: Self?) -> Self {
    guard let other else { return self }
    return Swift.min(lowerBound, other.lowerBound)...Swift.max(upperBound, other.upperBound)
  }
}
