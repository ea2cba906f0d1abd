import Testing

@testable import TraceMap

@Suite struct TraceReaderTests {
  private static let line = """
    {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"s"}},\
    {"key":"n","value":{"intValue":"3"}}]},"scopeSpans":[{"scope":{"name":"x"},"spans":[\
    {"traceId":"t","spanId":"a","name":"GET /","kind":2,"attributes":[{"key":"k","value":\
    {"stringValue":"v"}},{"key":"l","value":{"arrayValue":{"values":[]}}}]},\
    {"traceId":"t","spanId":"b","parentSpanId":"a","name":"part","kind":"SPAN_KIND_CLIENT"}]}]}]}
    """

  private func read(_ text: String) throws -> [TracedSpan] {
    var reader = TraceReader()
    try reader.read(Array(text.utf8), named: "f")
    return reader.spans
  }

  @Test func linesAndDocumentsAreRead() throws {
    let one = try read(Self.line)
    #expect(one.map(\.id) == ["a", "b"] && one.map(\.parent) == ["", "a"])
    #expect(one[0].service == "s" && one[0].attributes == ["k": "v"])
    #expect(try read("\(Self.line)\n\n\(Self.line)\n").count == 4)
    let pretty = Self.line.replacing(",", with: ",\n ")
    #expect(try read(pretty) == one)
  }

  @Test(arguments: [
    ("", "f is empty"), (" \n\n", "f is empty"),
    ("{\"a\": 1}", "f: no OTLP traces: the object has no 'resourceSpans'"),
    ("{\"resourceSpans\":[]}", "f has no spans"),
    ("not JSON\nat all", "f:1: not JSON of OTLP"),
    ("\(line)\n\(line.dropLast(40))", "f:2: not JSON of OTLP; the file may be cut off"),
    ("\(line)\n{\"logs\":[]}", "f:2: no OTLP traces: the object has no 'resourceSpans'"),
  ])
  func whatIsNoTraceIsOneLine(text: String, expected: String) {
    let fault = #expect(throws: TraceFault.self) { try read(text) }
    #expect(fault?.description == expected)
  }
}
