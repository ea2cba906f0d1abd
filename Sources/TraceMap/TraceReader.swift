import FoundationEssentials

/// Spans out of OTLP's JSON: one document, or one on each line, as the collector's file exporter
/// writes them.
///
/// Source: OpenTelemetry Protocol 1.5, JSON encoding.
public struct TraceReader: Sendable {
  /// Bytes of traces that are read at most: a map needs thousands of requests and not millions.
  public static let mostBytes = 64 << 20

  /// What has been read so far.
  public private(set) var spans: [TracedSpan] = []

  /// Nothing read yet.
  public init() {}

  /// Reads a file's bytes.
  /// - Parameter name: of the file, for messages.
  /// - Throws: `TraceFault` for what is no OTLP JSON, with the line; nothing of the file is kept then.
  public mutating func read(_ bytes: [UInt8], named name: String) throws(TraceFault) {
    guard bytes.contains(where: { !Self.isBlank($0) }) else {
      throw TraceFault("\(name) is empty")
    }
    var found: [TracedSpan] = []
    if let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)) {
      found = try Self.spans(of: document, in: name)
    } else {
      var number = 0
      for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        number += 1
        guard line.contains(where: { !Self.isBlank($0) }) else { continue }
        let document: Document
        do { document = try JSONDecoder().decode(Document.self, from: Data(line)) } catch {
          let isLast = line.endIndex == bytes.endIndex
          throw TraceFault(
            "\(name):\(number): not JSON of OTLP\(isLast ? "; the file may be cut off" : "")")
        }
        found += try Self.spans(of: document, in: "\(name):\(number)")
      }
    }
    guard !found.isEmpty else { throw TraceFault("\(name) has no spans") }
    spans += found
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  private static func spans(
    of document: Document, in place: String
  ) throws(TraceFault) -> [TracedSpan] {
    guard let resources = document.resourceSpans else {
      throw TraceFault(
        "\(place): no OTLP traces: the object has no 'resourceSpans'")
    }
    return resources.flatMap { resource in
      let texts = attributes(resource.resource?.attributes)
      let service = texts["service.name"] ?? "unnamed service"
      return (resource.scopeSpans ?? []).flatMap { scope in
        (scope.spans ?? []).map { span in
          TracedSpan(
            trace: span.traceId ?? "", id: span.spanId ?? "", parent: span.parentSpanId ?? "",
            service: service, name: span.name ?? "", attributes: attributes(span.attributes))
        }
      }
    }
  }

  private static func attributes(_ list: [Document.Attribute]?) -> [String: String] {
    Dictionary(
      (list ?? []).compactMap { attribute in
        attribute.value?.stringValue.map { (attribute.key, $0) }
      }, uniquingKeysWith: { first, _ in first })
  }
}

/// `ExportTraceServiceRequest`, without what a map does not need. What is unknown is ignored, as the
/// protocol asks for.
private struct Document: Decodable {
  let resourceSpans: [ResourceSpans]?

  struct ResourceSpans: Decodable {
    let resource: Resource?
    let scopeSpans: [ScopeSpans]?
  }
  struct Resource: Decodable {
    let attributes: [Attribute]?
  }
  struct ScopeSpans: Decodable {
    let spans: [Span]?
  }
  struct Span: Decodable {
    let traceId: String?
    let spanId: String?
    let parentSpanId: String?
    let name: String?
    let attributes: [Attribute]?
  }
  struct Attribute: Decodable {
    let key: String
    let value: Value?
  }
  struct Value: Decodable {
    let stringValue: String?
  }
}
